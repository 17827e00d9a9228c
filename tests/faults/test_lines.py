"""Requests are limited in size and in time; who sends slowly keeps nobody else waiting."""

from __future__ import annotations

import hashlib
import http.client
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.lines import LARGEST
from tests.product.server import Process, Server, free_port


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of `tests.faults.lines`."""
    port = free_port()
    argv = [
        sys.executable, "-m", "gunicorn", "--no-control-socket", "--threads", "10",
        "--bind", f"127.0.0.1:{port}", "--worker-class", "tests.faults.lines.ShortWorker",
        "tests.faults.lines:application",
    ]  # fmt: skip
    server = Server(tmp_path_factory.mktemp("line"), "", argv=argv, PYTHONPATH=".")
    server.port = port
    with server:
        yield server


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def everything(caller: socket.socket) -> bytes:
    """What comes until the server hangs up."""
    answer = b""
    while piece := caller.recv(65_536):
        answer += piece
    return answer


def test_who_sends_slowly_is_cut_off_and_keeps_nobody_waiting(line: Server) -> None:
    head = b"POST /api/v1/tasks HTTP/1.1\r\nHost: here\r\n"
    slow_heads = [connected(line) for _ in range(3)]
    slow_bodies = [connected(line) for _ in range(3)]
    for caller in slow_heads:
        caller.sendall(head)
    for caller in slow_bodies:
        caller.sendall(head + b"Content-Length: 100\r\n\r\nonly this")
    assert line.request("GET", "/")[0] == 200
    for caller in slow_heads:
        assert everything(caller) == b""
    for caller in slow_bodies:
        answer = everything(caller)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"application/problem+json" in answer
    for caller in slow_heads + slow_bodies:
        caller.close()


def test_what_is_too_large_is_refused_told_or_not(line: Server) -> None:
    with connected(line) as caller:
        caller.sendall(
            b"POST /api/v1/tasks HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
            + f"Content-Length: {LARGEST + 1}\r\n\r\n".encode()
        )
        assert caller.recv(65_536).startswith(b"HTTP/1.1 413 ")
    connection = http.client.HTTPConnection("127.0.0.1", line.port, timeout=30)
    pieces = (b"x" * 100_000 for _ in range(LARGEST // 100_000 + 1))
    connection.request("POST", "/api/v1/tasks", pieces, encode_chunked=True,
                       headers={"Transfer-Encoding": "chunked"})  # fmt: skip
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Content-Type")) == (413, "application/problem+json")
    connection.close()


@pytest.mark.parametrize("size", [0, 1, 10_000, LARGEST])
@pytest.mark.parametrize("chunked", [False, True])
def test_what_arrives_is_what_was_sent(line: Server, size: int, chunked: bool) -> None:
    body = bytes(number % 251 for number in range(size))
    connection = http.client.HTTPConnection("127.0.0.1", line.port, timeout=30)
    if chunked:
        pieces = (body[n : n + 7_000] for n in range(0, size, 7_000))
        connection.request("POST", "/", pieces, encode_chunked=True,
                           headers={"Transfer-Encoding": "chunked"})  # fmt: skip
    else:
        connection.request("POST", "/", body)
    assert connection.getresponse().read().decode() == hashlib.sha256(body).hexdigest()
    connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_asked_to_stop_while_its_worker_comes_up_stops(
    tmp_path: Path, number: signal.Signals
) -> None:
    configuration = tmp_path / "conf.py"
    # The worst moment: forked, and no handlers of its own yet.
    configuration.write_text(
        "import os, signal, time\n"
        "from api.worker import stop_when_asked\n"
        "graceful_timeout = 120\n"
        "def post_fork(server, worker):\n"
        f"    os.kill(os.getppid(), {int(number)})\n"
        "    while not server.SIG_QUEUE.qsize() and os.getppid() == worker.ppid:\n"
        "        time.sleep(0.01)\n"
        "    stop_when_asked(server)\n"
    )
    argv = [
        sys.executable, "-m", "gunicorn", "--no-control-socket", "--config", str(configuration),
        "--bind", f"127.0.0.1:{free_port()}", "tests.faults.lines:application",
    ]  # fmt: skip
    process = Process(tmp_path, "", argv, PYTHONPATH=".")
    process.start()
    assert process.wait(60) == 0
