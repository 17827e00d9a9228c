"""Proves that no chain of the journal was altered: every stream against its head, and the seals
against the chains. No key is needed.

Everything is read in pages, each in one consistent view of the database, so that work goes on
meanwhile and nothing grows with the number of cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from engine import seals
from engine.commit import stream_of
from engine.journal import ChainReport, Head, entry_hash
from engine.store import chains as store
from engine.store import seals as seal_store
from engine.store.database import Database
from engine.store.journal import Row
from engine.store.seals import Leaf, SealRow
from engine.store.transaction import Transaction

PAGE = 200
_CASES = stream_of("")
_START = Leaf("", 0, "")
NextHeads = Callable[[Transaction, str, int], list[Leaf]]
"""The next heads after one, at most so many."""


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it must be."""

    where: str
    """A stream (`case:…`), a seal with its day, or a table."""
    what: str
    seq: int | None = None
    """The number of the entry, where it is about one."""

    def __str__(self) -> str:
        return f"{self.where}{'' if self.seq is None else f' entry {self.seq}'}: {self.what}"


def verify_chains(
    database: Database, *, since: date | None = None, stream: str | None = None
) -> Iterator[ChainReport]:
    """One report a stream: cases first, then the others, then streams that nothing knows.

    A case is checked against the head in its row, so entries cut off at the end are found, and so
    is a case whose journal is gone altogether. With `since`, a chain is only checked from where the
    seal of that day (or of the last one before) found it: what came before stands by the seals
    (`seal_faults`). With `stream` only this one is.
    """
    if stream is not None:
        with database.reading() as tx:
            head = store.head_of(tx, stream, _CASES)
            if head is None:
                yield _unknown(stream, 0)
            else:
                yield from _page(tx, [head], since)
        return
    yield from _all_pages(database, since, _case_heads, _CASES)
    yield from _all_pages(database, since, store.other_heads, "")
    with database.reading() as tx:
        for name, entries in store.streams_without_head(tx, _CASES):
            yield _unknown(name, entries)


def chain_fault(report: ChainReport) -> Fault | None:
    """What a report says is wrong, or None."""
    if report.ok:
        return None
    return Fault(report.stream, "the chain is broken here", report.first_bad)


def seal_faults(
    database: Database, kept: Iterable[SealRow] = (), *, stream: str | None = None
) -> Iterator[Fault]:
    """What does not fit the seals: the seals themselves (with `kept`, read from files, beside
    those stored), and entries that were sealed and are others now, or gone."""
    with database.reading() as tx:
        if stream is None:
            for day, what in seals.faults_of(tx, kept):
                yield Fault(f"seal {day}", what)
        for leaf, day, missing in seal_store.broken_leaves(tx, stream):
            what = "is missing" if missing else "is another one"
            yield Fault(leaf.stream, f"the entry that was sealed on {day} {what}", leaf.seq)


def _all_pages(
    database: Database, since: date | None, next_heads: NextHeads, prefix: str
) -> Iterator[ChainReport]:
    after = ""
    while True:
        with database.reading() as tx:
            heads = next_heads(tx, after, PAGE)
            if not heads:
                return
            yield from _page(tx, heads, since)
        after = heads[-1].stream.removeprefix(prefix)


def _case_heads(tx: Transaction, after: str, limit: int) -> list[Leaf]:
    return store.case_heads(tx, _CASES, after, limit)


def _page(tx: Transaction, heads: list[Leaf], since: date | None) -> Iterator[ChainReport]:
    streams = [head.stream for head in heads]
    anchors: Mapping[str, Leaf] = {}
    if since is not None:
        anchors = seal_store.anchors(tx, streams, since)
    left = {head.stream: Head(head.seq, head.hash) for head in heads}
    rows = store.rows_of_streams(tx, streams, since)
    for stream, entries in groupby(rows, key=lambda row: row.stream):
        yield _walk(stream, entries, left.pop(stream), anchors.get(stream, _START))
    for stream, head in left.items():
        yield _walk(stream, (), head, anchors.get(stream, _START))


def _walk(stream: str, rows: Iterable[Row], head: Head, start: Leaf) -> ChainReport:
    """Recompute the chain after `start` and compare its end with `head`."""
    seq, last = start.seq, bytes.fromhex(start.hash)
    for row in rows:
        if row.seq != seq + 1 or row.hash != entry_hash(last, row):
            return ChainReport(stream, seq - start.seq, False, seq + 1)
        seq, last = row.seq, row.hash
    if Head(seq, last.hex()) != head:
        first_bad = seq + 1 if head.seq > seq else max(head.seq, 1)
        return ChainReport(stream, seq - start.seq, False, first_bad)
    return ChainReport(stream, seq - start.seq, True)


def _unknown(stream: str, entries: int) -> ChainReport:
    """Entries that nothing knows of: a case or head that they belonged to is gone."""
    return ChainReport(stream, entries, False, 1)
