"""The load client: a process of its own, so that its work is not counted as the server's.

Reads one order a line from its standard input (JSON) and answers each with one line. Requests are
written to sockets as they are and answers read no further than needed: a client that is busy
itself would make the server look slow.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import msgspec

from benchmarks.models import FIVE, STEPS, answers, body
from settings import ROOT

PREFIX = "/api/v1"
_END = b"\r\n\r\n"


class Task(msgspec.Struct):
    """What the client needs to know of a task."""

    id: str
    revision: int


class Completion(msgspec.Struct):
    """The answer to a completion."""

    next_tasks: list[Task]


class Tasks(msgspec.Struct):
    """A page of tasks."""

    items: list[Task]


class Case(msgspec.Struct):
    """A started case."""

    id: str


class Refused(Exception):
    """The server answered with something else than success."""


class Connection:
    """One connection that is kept open."""

    def __init__(self, port: int, token: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n".encode()

    def ask(self, method: str, path: str, content: bytes | None = None) -> bytes:
        """The answer's body. Raises `Refused` for a status that is no success."""
        sent = [f"{method} {PREFIX}{path} HTTP/1.1\r\n".encode(), self._head]
        if content is not None:
            sent.append(b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(content))
        sent += [b"\r\n", content or b""]
        self._socket.sendall(b"".join(sent))
        return self._answer()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _answer(self) -> bytes:
        received = self._more(b"")
        while _END not in received:
            received = self._more(received)
        head, _, content = received.partition(_END)
        low = head.lower()
        _, _, rest = low.partition(b"content-length:")
        length = int(rest.split(b"\r\n", 1)[0])
        while len(content) < length:
            content = self._more(content)
        status = int(head[9:12])
        if not 200 <= status < 300:
            raise Refused(f"{status}: {content[:500].decode(errors='replace')}")
        return content

    def _more(self, received: bytes) -> bytes:
        chunk = self._socket.recv(65536)
        if not chunk:
            raise Refused("The server hung up.")
        return received + chunk


_completion = msgspec.json.Decoder(Completion)
_page = msgspec.json.Decoder(Tasks)
_case = msgspec.json.Decoder(Case)
_START = body({"variables": {}})
_DATA = [body(answers(number)) for number in STEPS]


def start(connection: Connection, _given: str) -> tuple[str, list[float]]:
    """Start one case; its id."""
    began = time.perf_counter()
    answer = connection.ask("POST", f"/processes/{FIVE}/instances", _START)
    return _case.decode(answer).id, [time.perf_counter() - began]


def find(connection: Connection, case: str) -> tuple[str, list[float]]:
    """The first task of a case: its id and revision in one word."""
    began = time.perf_counter()
    found = _page.decode(connection.ask("GET", f"/tasks?instance={case}")).items[0]
    return f"{found.id} {found.revision}", [time.perf_counter() - began]


def complete(connection: Connection, task: str) -> tuple[str, list[float]]:
    """Complete a case's five tasks, one after the other; each by what the last answer said."""
    task_id, _, revision = task.partition(" ")
    taken: list[float] = []
    for data in _DATA:
        content = b'{"revision":%s,"data":%s}' % (revision.encode(), data)
        began = time.perf_counter()
        answer = connection.ask("POST", f"/tasks/{task_id}/complete", content)
        following = _completion.decode(answer).next_tasks
        taken.append(time.perf_counter() - began)
        if following:
            task_id, revision = following[0].id, str(following[0].revision)
    return "", taken


def bare(connection: Connection, _given: str) -> tuple[str, list[float]]:
    """One request to the route that has nothing behind it."""
    began = time.perf_counter()
    connection.ask("POST", "/bare", b'{"text":"a","number":3}')
    return "", [time.perf_counter() - began]


ACTS: dict[str, Callable[[Connection, str], tuple[str, list[float]]]] = {
    "start": start,
    "find": find,
    "complete": complete,
    "bare": bare,
}


def carry_out(
    port: int, token: str, act: str, given: Sequence[str], clients: int
) -> dict[str, Any]:
    """Do `act` for each of `given`, shared by so many clients at the same time.

    Answers with the wall seconds, each request's seconds and what the acts made. Raises the first
    client's error.
    """
    do = ACTS[act]
    made: list[list[str]] = [[] for _ in range(clients)]
    taken: list[list[float]] = [[] for _ in range(clients)]
    errors: list[Exception] = []

    def work(number: int) -> None:
        try:
            connection = Connection(port, token)
            for one in given[number::clients]:
                result, seconds = do(connection, one)
                made[number].append(result)
                taken[number] += seconds
            connection.close()
        except Exception as error:
            errors.append(error)

    began = time.perf_counter()
    if clients == 1:
        work(0)
    else:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    wall = time.perf_counter() - began
    if errors:
        raise errors[0]
    return {
        "wall": wall,
        "taken": [seconds for share in taken for seconds in share],
        "made": [result for share in made for result in share],
    }


class LoadClient:
    """The client's process as the benchmark holds it."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.client"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("The client has no pipes.")
        self._orders, self._answers = self._process.stdin, self._process.stdout

    def __enter__(self) -> LoadClient:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def order(self, act: str, given: Sequence[str], clients: int = 1) -> dict[str, Any]:
        """Have `carry_out` done over there. Raises `Refused` with what went wrong."""
        self.send(act, given, clients)
        return self.receive()

    def send(self, act: str, given: Sequence[str], clients: int = 1) -> None:
        """Begin an order; `receive` waits for its end."""
        order = [self._port, self._token, act, list(given), clients]
        self._orders.write(msgspec.json.encode(order) + b"\n")
        self._orders.flush()

    def receive(self) -> dict[str, Any]:
        """What became of the order that was sent."""
        answer: dict[str, Any] = msgspec.json.decode(self._answers.readline())
        if "error" in answer:
            raise Refused(answer["error"])
        return answer


def main() -> None:
    """Carry out order after order until there are no more."""
    for line in sys.stdin.buffer:
        port, token, act, given, clients = msgspec.json.decode(line)
        try:
            answer = carry_out(port, token, act, given, clients)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
