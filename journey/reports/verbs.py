"""The verbs over reports."""

from __future__ import annotations

from datetime import date

from engine.access_log import AccessLog
from engine.clock import Clock, today
from engine.errors import Forbidden, NotFound
from engine.records import Actor, Paging
from engine.store.database import Database
from engine.store.transaction import Transaction
from engine.wording import Text
from journey.reports import fact_table, labels, listing, making, office_table
from journey.reports.definitions import REPORTS
from journey.reports.office_table import OfficeTable
from journey.reports.plan import Count, ReportPlan, TablePlan, described
from journey.reports.reading import Reader, reader_of, scope_of
from journey.reports.records import Behind, FactTable, Report, Summary
from journey.store.reports import Scope, counting, office_facts
from journey.vault import Vault

_PLANS = {plan.key: plan for plan in REPORTS}
FACTS = "facts"
_FIRST_PAGE = Paging()


class Reports:
    """Reports, each cut to what its reader may see.

    A case worker sees what came of the own work, a branch head the own branch, a MoL officer the
    people referred to the own office, headquarters and auditors everything. Who may see totals
    only (process owners) gets small counts hidden, and no lists.
    """

    def __init__(
        self, database: Database, clock: Clock, access_log: AccessLog, vault: Vault
    ) -> None:
        self._database = database
        self._clock = clock
        self._log = access_log
        self._vault = vault

    def office_table(
        self, actor: Actor, first_day: date | None = None, last_day: date | None = None
    ) -> OfficeTable:
        """The office table for days in Amman, both ends included; None leaves an end open.

        Raises `Forbidden`, `Invalid`.
        """
        reader = reader_of(actor)
        scope = scope_of(reader, first_day, last_day)
        with self._database.reading() as tx:
            return office_table.make(tx, scope, hide=reader.totals_only)

    def catalogue(self, actor: Actor) -> tuple[Summary, ...]:
        """The reports that the actor may see. Raises `Forbidden` when there is none."""
        reader = reader_of(actor)
        return tuple(plan.summary for plan in REPORTS if _open_to(plan, reader))

    def make(
        self,
        actor: Actor,
        key: str,
        first_day: date | None = None,
        last_day: date | None = None,
        unit: str | None = None,
        *,
        hide_small: bool = False,
    ) -> Report:
        """One report for days in Amman, both ends included; `unit` narrows it to one branch.

        `hide_small` makes a version to hand on: counts of 1 to 4 are hidden, as they are from who
        may see totals only. Raises `NotFound`, `Forbidden`, `Invalid`.
        """
        reader = reader_of(actor)
        plan = _plan(reader, key)
        hide = reader.totals_only or hide_small
        with self._database.reading() as tx:
            scope = self._scope(tx, reader, first_day, last_day, unit)
            tables = making.make(tx, scope, plan.tables, hide=hide, drill=not hide)
            notes = tuple(plan.notes(tx, scope))
        assert scope.today is not None  # noqa: S101  set right here
        return Report(
            plan.key,
            plan.title,
            plan.about,
            tables,
            (*notes, *plan.footnotes),
            first_day,
            last_day,
            unit,
            scope.today,
            hide,
        )

    def behind(
        self,
        actor: Actor,
        key: str,
        cell: str,
        first_day: date | None = None,
        last_day: date | None = None,
        *,
        unit: str | None = None,
        paging: Paging = _FIRST_PAGE,
    ) -> Behind:
        """One page of what a number of a report counts; `cell` as the report gave it.

        Names only where the actor may read the case's data, and each of them in the access log.
        Raises `NotFound`, `Forbidden` (for who may see totals only), `Invalid`.
        """
        reader = reader_of(actor)
        plan = _plan(reader, key)
        if reader.totals_only:
            raise Forbidden(
                Text(
                    "يعرض حسابك الأعداد فقط، لا القوائم التي وراءها.",
                    "Your account shows numbers only, not the lists behind them.",
                )
            )
        table, measure, token = _address(plan, cell)
        with self._database.transaction() as tx:
            scope = self._scope(tx, reader, first_day, last_day, unit)
            bucket, label = _bucket(tx, scope, table, measure, token)
            counted = table.measure(measure.key, scope, split=bucket is not None)
            split = table.split if bucket is not None else None
            found, cursor = counting.behind(tx, counted.selected(), split, bucket, paging)
            items = listing.listed(tx, actor, table.lists, found, vault=self._vault, log=self._log)
        return Behind(plan.summary, described(measure), label, items, cursor)

    def facts(
        self,
        actor: Actor,
        first_day: date | None = None,
        last_day: date | None = None,
        unit: str | None = None,
    ) -> FactTable:
        """The fact table of journeys opened in the period: a line per person, journey, referral
        and outcome, without names (R3). Raises `NotFound`, `Forbidden`, `Invalid`."""
        reader = reader_of(actor)
        _plan(reader, FACTS)
        if reader.totals_only:
            raise Forbidden(
                Text(
                    "يعرض حسابك الأعداد فقط، لا الأسطر.",
                    "Your account shows numbers only, no lines.",
                )
            )
        with self._database.reading() as tx:
            scope = self._scope(tx, reader, first_day, last_day, unit)
            return fact_table.make(tx, scope)

    def _scope(
        self,
        tx: Transaction,
        reader: Reader,
        first_day: date | None,
        last_day: date | None,
        unit: str | None,
    ) -> Scope:
        return scope_of(reader, first_day, last_day, unit, self._clock.now(tx))

    def offices(self, actor: Actor) -> tuple[tuple[str, Text], ...]:
        """The branches to which the actor may narrow a report, with their names; none where there
        is no choice. Raises `Forbidden`."""
        reader = reader_of(actor)
        if reader.partner:
            return ()
        with self._database.reading() as tx:
            found = [
                (row["code"], labels.office_name(row))
                for row in office_facts.unit_rows(tx)
                if row["kind"] == "naf"
                and (reader.offices is None or row["code"] in reader.offices)
            ]
        return tuple(found) if len(found) > 1 else ()

    def today(self) -> date:
        """The day of a report made now, in Amman."""
        return today(self._clock.now())


def _open_to(plan: ReportPlan, reader: Reader) -> bool:
    if reader.totals_only:
        return plan.totals
    return plan.partners or not reader.partner


def _plan(reader: Reader, key: str) -> ReportPlan:
    plan = _PLANS.get(key)
    if plan is None or not _open_to(plan, reader):
        raise NotFound(
            Text(
                "لا يوجد هذا التقرير، أو ليس لك أن تراه.", "There is no such report for you to see."
            )
        )
    return plan


def _no_number() -> NotFound:
    return NotFound(
        Text("لا يوجد هذا الرقم في التقرير.", "The report has no such number."),
    )


def _address(plan: ReportPlan, cell: str) -> tuple[TablePlan, Count, str]:
    table_key, _, rest = cell.partition(".")
    measure_key, _, token = rest.partition(".")
    table = plan.table(table_key)
    measure = table.counts().get(measure_key) if table is not None else None
    if table is None or measure is None or not token:
        raise _no_number()
    return table, measure, token


def _bucket(
    tx: Transaction, scope: Scope, table: TablePlan, measure: Count, token: str
) -> tuple[str | None, Text]:
    """The row that an address means, and its name; only rows that the measure counts have one."""
    if token == making.TOTAL:
        return None, making.TOTAL_LABEL
    if table.split is None:
        raise _no_number()
    counted = table.measure(measure.key, scope, split=True)
    found = frozenset(
        bucket
        for _, bucket in counting.by_bucket(tx, [counted], table.split)
        if bucket is not None and making.token(table, bucket) == token
    )
    for bucket, label in table.labels(tx, scope, found) if found else ():
        if bucket in found:
            return bucket, label
    raise _no_number()
