"""Random block-structured processes, and random ways of driving them."""

from __future__ import annotations

import random

from tests.bpmn.diagrams import (
    both,
    boundary,
    call,
    diagram,
    end,
    event_sub,
    flow,
    many,
    on_message,
    path,
    process,
    script,
    start,
    sub,
    timer,
    user,
    xor,
)
from tests.bpmn.running import Running

CHILD = process(
    start("child_start"),
    user("child_u"),
    script("child_s", "=if c = null then 0 else c + 1", "c"),
    path("child_start", "child_u", "child_s"),
    key="child",
)
KINDS = ["user", "user", "script", "xor", "seq", "seq", "bound", "loop", "sub", "and", "and"]
KINDS += ["rounds", "event_sub", "call"]


class Builder:
    """Builds blocks with one way in and one way out."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.number = 0

    def name(self, prefix: str) -> str:
        self.number += 1
        return f"{prefix}{self.number}"

    def block(self, depth: int, out: list[str]) -> tuple[str, str]:
        """Adds a block to `out`; gives its first and last element."""
        kind = self.rng.choice(KINDS if depth > 0 else ["user", "user", "script"])
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
        return split, join

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
        )
        out.append(
            self.rng.choice([user(name, marker), sub(name, marker, self._inside(depth - 1))])
        )
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


def random_model(seed: int) -> bytes:
    """The diagram of this number, always the same."""
    builder = Builder(random.Random(seed))  # noqa: S311 - must be repeatable
    out: list[str] = []
    first = builder.block(3, out)
    second = builder.block(3, out)
    out += [start(), end(), path("start", first[0]), path(first[1], second[0])]
    out.append(flow(second[1], "end"))
    return diagram(process(*out), CHILD, messages={"m": "=case.id"})


def act(case: Running, rng: random.Random) -> bool:
    """Does something that the case waits for; False when it waits for nothing."""
    snapshot = case.snapshot
    chances = [("task", key) for key in snapshot.open_tasks]
    chances += [("timer", timer.key) for timer in snapshot.timers]
    chances += [("message", subscription.key) for subscription in snapshot.subscriptions]
    chances += [("incident", incident.key) for incident in snapshot.incidents]
    if not chances:
        return False
    what, key = chances[rng.randrange(len(chances))]
    values = {"c": rng.randrange(4), f"k{rng.randrange(3)}": rng.randrange(9)}
    live, world = case.live, case.world
    if what == "task":
        case.took(live.complete_task(key, values, world))
    elif what == "timer":
        due = next(timer.due for timer in snapshot.timers if timer.key == key)
        world.now = max(world.now, due)
        case.took(live.fire_timer(key, world))
    elif what == "message":
        case.took(live.deliver(key, values, world))
    else:
        case.took(live.retry(key, world, variables=values))
    return True
