"""Clients that work through cases while servers die under them, and remember what was told."""

from __future__ import annotations

import http.client
import threading
import time
from typing import Any

from tests.faults.installation import complete
from tests.product.server import Server

GONE = (OSError, http.client.HTTPException)
PAUSE = 0.05
"""Seconds before asking again: other processes have to come up or to fire a timer."""


class Load:
    """Finishes cases, task after task, however often the server is away."""

    def __init__(self, server: Server, token: str, until: float) -> None:
        self._server = server
        self._token = token
        self._until = until
        self._changed = threading.Condition()
        self.acknowledged: list[tuple[str, str]] = []
        """Case and element of each completion that was answered with 200."""
        self.faults: list[str] = []
        """Answers that no fault explains."""

    def work(self, cases: list[str]) -> None:
        """Finish these cases."""
        for case in cases:
            while self._one_step(case):
                pass

    def reach(self, number: int) -> bool:
        """Wait until so many completions are acknowledged; false when the time was over."""
        with self._changed:
            return self._changed.wait_for(
                lambda: len(self.acknowledged) >= number or bool(self.faults),
                self._until - time.monotonic(),
            )

    def _one_step(self, case: str) -> bool:
        """Complete the case's open task; false when the case is finished."""
        page = self._ask(
            lambda: self._server.call("GET", f"/tasks?instance={case}", token=self._token)
        )
        if page is None:
            return False
        for task in page["items"]:
            # The same key again after a crash: an answer that was lost on the way back is
            # repeated, the work is not.
            key = f"complete-{task['id']}"
            done = self._ask(
                lambda task=task, key=key: complete(
                    self._server, self._token, task, **{"Idempotency-Key": key}
                )
            )
            if done is None:
                return False
            with self._changed:
                self.acknowledged.append((case, task["element_id"]))
                self._changed.notify_all()
        if page["items"]:
            return True
        state = self._ask(lambda: self._server.call("GET", f"/instances/{case}", token=self._token))
        if state is None or state["state"] == "completed":
            return False
        time.sleep(PAUSE)
        return True

    def _ask(self, call: Any) -> Any:
        """The answer, asked for again while the server is away; None when the time is over."""
        while time.monotonic() < self._until:
            try:
                status, answer = call()
            except GONE:
                time.sleep(PAUSE)
                continue
            if status == 200:
                return answer
            if status != 503:
                self.faults.append(f"{status} {answer}")
                return None
            time.sleep(PAUSE)
        self.faults.append("the time was over")
        return None
