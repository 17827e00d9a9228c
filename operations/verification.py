"""`rihla verify`: everything that must hold of an installation's data, checked and named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from engine.commit import stream_of
from engine.crypto import KeyUnusable
from engine.engine import Engine
from engine.verify import Fault, chain_fault, seal_faults, verify_chains
from engine.verify_cases import row_faults, state_faults
from operations import seal_files
from operations.projections import projection_faults, references


class Check(StrEnum):
    """What can be checked by itself."""

    CHAINS = "chains"  # every entry follows from the one before it; nothing is cut off
    SEALS = "seals"  # the chains are those that were sealed; seal files fit the seals
    ROWS = "rows"  # no row points to nothing; nothing waits in ended cases
    STATES = "states"  # tasks, timers and messages are those that the states wait for
    PROJECTIONS = "projections"  # submissions and typed tables are what the journal says


@dataclass
class Verified:
    """What was looked at; filled while the faults are read."""

    chains: int = 0
    entries: int = 0
    done: list[Check] = field(default_factory=list)


def faults(
    engine: Engine,
    *,
    checks: frozenset[Check] = frozenset(Check),
    seals: Path | None = None,
    since: date | None = None,
    stream: str | None = None,
    verified: Verified | None = None,
    started: Callable[[Check], None] = lambda _check: None,
) -> Iterator[Fault]:
    """Every fault, one after the other. `seals` is a folder of seal files; for `since` and `stream`
    see `engine.verify`. States and projections need the keys and tell of a wrong master key."""
    looked_at = verified if verified is not None else Verified()
    for check in Check:
        if check not in checks:
            continue
        started(check)
        yield from _faults_of(
            check, engine, seals=seals, since=since, stream=stream, verified=looked_at
        )
        looked_at.done.append(check)


def _faults_of(
    check: Check,
    engine: Engine,
    *,
    seals: Path | None,
    since: date | None,
    stream: str | None,
    verified: Verified,
) -> Iterator[Fault]:
    if check is Check.CHAINS:
        for report in verify_chains(engine.database, since=since, stream=stream):
            verified.chains += 1
            verified.entries += report.entries
            fault = chain_fault(report)
            if fault is not None:
                yield fault
    elif check is Check.SEALS:
        kept = () if seals is None or stream is not None else tuple(seal_files.read(seals))
        yield from seal_faults(engine.database, kept, stream=stream)
    elif check is Check.ROWS:
        if stream is None:
            yield from row_faults(engine.database, tuple(references()))
    else:
        yield from _sealed_faults(check, engine, stream)


def _sealed_faults(check: Check, engine: Engine, stream: str | None) -> Iterator[Fault]:
    """What can only be checked with the keys."""
    case = None
    if stream is not None:
        if not stream.startswith(stream_of("")):
            return
        case = stream.removeprefix(stream_of(""))
    try:
        with engine.database.transaction() as tx:
            engine.keyring.check(tx)
    except KeyUnusable as error:
        yield Fault(check.value, f"not checked: {error}")
        return
    if check is Check.STATES:
        yield from state_faults(engine.commands, case)
    else:
        yield from projection_faults(engine, case)
