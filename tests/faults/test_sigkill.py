"""SIGKILL in the middle of load: what was acknowledged stays, nothing happens twice."""

from __future__ import annotations

import random
import threading
import time
from contextlib import ExitStack

from tests.faults.installation import (
    RELAY_ORDER,
    ROUNDS,
    SOAK,
    Installation,
    history,
    start_case,
)
from tests.faults.load import Load

KILLS = 50 if SOAK else 5
CASES_PER_KILL = 3
CLIENTS = 4


def test_servers_and_schedulers_killed_under_load_lose_and_repeat_nothing(
    installation: Installation,
) -> None:
    cases_wanted = KILLS * CASES_PER_KILL
    chance = random.Random(KILLS)  # noqa: S311  the same choice at each run
    with ExitStack() as stack:
        server = stack.enter_context(installation.server())
        schedulers = [stack.enter_context(installation.scheduler()) for _ in range(2)]
        token = server.sign_in("case_worker.irbid")
        cases = [start_case(server, token, "relay") for _ in range(cases_wanted)]
        load = Load(server, token, until=time.monotonic() + 60 + 10 * KILLS)
        clients = [
            threading.Thread(target=load.work, args=(cases[n::CLIENTS],)) for n in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        for kill in range(1, KILLS + 1):
            assert load.reach(kill * cases_wanted * ROUNDS // (KILLS + 1)), load.faults
            victim = server if kill % 2 else chance.choice(schedulers)
            victim.kill()
            victim.start()
        for client in clients:
            client.join()
        assert load.faults == []

        auditor = server.sign_in("auditor.hq")
        happened = {case: history(server, auditor, case) for case in cases}
        assert happened == dict.fromkeys(cases, RELAY_ORDER)
        # Each completion was acknowledged exactly once, and is in the history exactly once.
        assert len(load.acknowledged) == len(set(load.acknowledged)) == cases_wanted * ROUNDS
        assert "Traceback" not in server.log
        server.run("verify")
