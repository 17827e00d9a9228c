"""Random block-structured processes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

from tests.bpmn.diagrams import (
    both,
    boundary,
    call,
    catch,
    diagram,
    end,
    event_sub,
    flow,
    many,
    node,
    on_error,
    on_message,
    path,
    process,
    script,
    service,
    start,
    sub,
    timer,
    user,
    xor,
)

TERMINATE = "<terminateEventDefinition/>"
CHILD = process(
    start("child_start"),
    user("child_u"),
    script("child_s", "=if c = null then 0 else c + 1", "c"),
    path("child_start", "child_u", "child_s"),
    key="child",
)


class Builder:
    """Builds blocks with one way in and one way out."""

    kinds: ClassVar[Sequence[str]] = (
        *("user", "user", "script", "xor", "seq", "seq", "bound", "loop", "sub", "and", "and"),
        *("rounds", "event_sub", "call", "catch", "race", "job", "fault", "stop", "twice"),
    )
    leaves: ClassVar[Sequence[str]] = ("user", "user", "script")

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.number = 0

    def name(self, prefix: str) -> str:
        self.number += 1
        return f"{prefix}{self.number}"

    def block(self, depth: int, out: list[str]) -> tuple[str, str]:
        """Adds a block to `out`; gives its first and last element."""
        kind = self.rng.choice(self.kinds if depth > 0 else self.leaves)
        made: tuple[str, str] = getattr(self, f"_{kind}")(depth - 1, out)
        return made

    def _user(self, _depth: int, out: list[str]) -> tuple[str, str]:
        name = self.name("u")
        out.append(user(name))
        return name, name

    def _script(self, _depth: int, out: list[str]) -> tuple[str, str]:
        name = self.name("s")
        reads, writes = (f"k{self.rng.randrange(3)}" for _ in range(2))
        out.append(script(name, f"={reads} + 1", writes))  # an incident while nothing wrote it
        return name, name

    def _seq(self, depth: int, out: list[str]) -> tuple[str, str]:
        first, second = self.block(depth, out), self.block(depth, out)
        out.append(flow(first[1], second[0]))
        return first[0], second[1]

    def _and(self, depth: int, out: list[str]) -> tuple[str, str]:
        split, join = self.name("g"), self.name("j")
        out.append(both(split) + both(join))
        for _ in range(self.rng.choice([2, 3])):
            first, last = self.block(depth, out)
            out.append(flow(split, first) + flow(last, join))
        if self.rng.random() < 0.2:
            out.append(flow(split, join))
        return split, join

    def _twice(self, _depth: int, out: list[str]) -> tuple[str, str]:
        """Two tokens go on where one came in: joins behind it get more than they can use."""
        split, merge, last = self.name("g"), self.name("m"), self.name("u")
        out.append(both(split) + xor(merge) + user(last) + path(split, merge, last))
        out.append(flow(split, merge, flow_id=f"{split}_again"))
        return split, last

    def _xor(self, depth: int, out: list[str]) -> tuple[str, str]:
        split, join = self.name("g"), self.name("j")
        out.append(xor(join))
        name = f"k{self.rng.randrange(3)}"
        count = self.rng.choice([2, 3])
        for n in range(count):
            first, last = self.block(depth, out)
            if n == count - 1:
                out.append(xor(split, f"{split}_{first}") + flow(split, first))
            else:
                out.append(flow(split, first, f"={name} > {n}"))
            out.append(flow(last, join))
        return split, join

    def _loop(self, depth: int, out: list[str]) -> tuple[str, str]:
        merge, again, last = self.name("m"), self.name("l"), self.name("u")
        first, inner = self.block(depth, out)
        out.append(xor(merge) + user(last) + xor(again, f"{again}_{last}x") + user(f"{last}x"))
        out.append(path(merge, first) + path(inner, last, again, f"{last}x"))
        out.append(flow(again, merge, "=c >= 2"))
        return merge, f"{last}x"

    def _inside(self, depth: int) -> str:
        inner: list[str] = []
        first, last = self.block(depth, inner)
        begin, finish = self.name("st"), self.name("en")
        return "".join([*inner, start(begin), end(finish), path(begin, first), path(last, finish)])

    def _sub(self, depth: int, out: list[str]) -> tuple[str, str]:
        name = self.name("sp")
        out.append(sub(name, self._inside(depth)))
        return name, name

    def _event_sub(self, depth: int, out: list[str]) -> tuple[str, str]:
        name, event, begin, inner = (self.name(p) for p in ("sp", "ev", "on", "u"))
        interrupting = self.rng.choice([None, "false"])
        definition = self.rng.choice(
            [on_message("m"), timer("duration", "PT1H"), timer("cycle", "R2/PT3H")]
            + ([on_error("broken")] if interrupting is None else [])
        )
        handler = event_sub(
            event,
            start(begin, definition, isInterrupting=interrupting),
            user(inner),
            path(begin, inner),
        )
        out.append(sub(name, self._inside(depth), handler))
        return name, name

    def _rounds(self, depth: int, out: list[str]) -> tuple[str, str]:
        name = self.name("mi")
        marker = many(
            "=[1, 2, 3]",
            sequential=self.rng.choice([True, False]),
            out=f"o{name}",
            out_element="=c",
            until=self.rng.choice([None, None, "=numberOfCompletedInstances >= 2"]),
        )
        made = [user(name, marker), call(name, "child", marker)]
        out.append(self.rng.choice([*made, sub(name, marker, self._inside(depth - 1))]))
        return name, name

    def _call(self, _depth: int, out: list[str]) -> tuple[str, str]:
        name = self.name("ca")
        out.append(call(name, "child"))
        return name, name

    def _bound(self, depth: int, out: list[str]) -> tuple[str, str]:
        name, merge = self.name("u"), self.name("m")
        out.append(user(name) + xor(merge) + flow(name, merge))
        for interrupting in self.rng.sample([True, False], self.rng.choice([1, 2])):
            event = self.name("b")
            definition = self.rng.choice([on_message("m"), timer("cycle", "R2/PT2H")])
            out.append(boundary(event, name, definition, interrupting=interrupting))
            first, last = self.block(depth, out)
            out.append(flow(event, first))
            if interrupting:
                out.append(flow(last, merge))
        return name, merge

    def _catch(self, _depth: int, out: list[str]) -> tuple[str, str]:
        name = self.name("w")
        out.append(catch(name, self.rng.choice([on_message("m"), timer("duration", "PT4H")])))
        return name, name

    def _race(self, depth: int, out: list[str]) -> tuple[str, str]:
        split, merge, told = self.name("g"), self.name("m"), self.name("r")
        out.append(node("eventBasedGateway", split) + xor(merge))
        out.append(node("receiveTask", told, messageRef="message_m"))
        for name in (self.name("w"), self.name("w"), told):
            if name != told:
                out.append(catch(name, timer("duration", f"PT{self.number}H")))
            first, last = self.block(depth, out)
            out.append(path(split, name, first) + flow(last, merge))
        return split, merge

    def _job(self, _depth: int, out: list[str]) -> tuple[str, str]:
        name = self.name("c")
        out.append(service(name))
        return name, self._guarded(name, out) if self.rng.random() < 0.5 else name

    def _guarded(self, name: str, out: list[str]) -> str:
        """Catches the errors of an activity; gives the element where the ways meet."""
        event, other, merge = self.name("b"), self.name("u"), self.name("m")
        out.append(boundary(event, name, on_error(self.rng.choice(["broken", None]))))
        out.append(user(other) + xor(merge) + path(name, merge) + path(event, other, merge))
        return merge

    def _fault(self, depth: int, out: list[str]) -> tuple[str, str]:
        name, begin, which, good, bad = (self.name(p) for p in ("sp", "st", "g", "en", "er"))
        inner: list[str] = []
        first, last = self.block(depth, inner)
        inner.append(start(begin) + xor(which, f"{which}_{good}") + end(good))
        inner.append(end(bad, on_error("broken")) + path(begin, first) + path(last, which, good))
        inner.append(flow(which, bad, "=c >= 2"))
        out.append(sub(name, *inner))
        return name, self._guarded(name, out)

    def _stop(self, depth: int, out: list[str]) -> tuple[str, str]:
        name, begin, split, good, stop = (self.name(p) for p in ("sp", "st", "g", "en", "te"))
        inner: list[str] = []
        for finish in (good, stop):
            first, last = self.block(depth, inner)
            inner.append(path(split, first) + path(last, finish))
        inner.append(start(begin) + both(split) + end(good) + end(stop, TERMINATE))
        out.append(sub(name, *inner, path(begin, split)))
        return name, name


def repeatable(seed: int) -> random.Random:
    """Chances that are the same in every run."""
    return random.Random(seed)  # noqa: S311 - nothing is secret here


def random_model(seed: int) -> bytes:
    """The diagram of this number, always the same."""
    builder = Builder(repeatable(seed))
    out: list[str] = []
    blocks = [builder.block(3, out) for _ in range(builder.rng.choice([2, 2, 3, 4]))]
    ends = [("", "start"), *blocks, ("end", "")]
    out += [start(), end(), *(flow(a, b) for (_, a), (b, _) in pairwise(ends))]
    return diagram(process(*out), CHILD, messages={"m": "=case.id"}, errors=("broken",))
