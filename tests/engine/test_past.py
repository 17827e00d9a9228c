"""A case's past step by step, the forms its answers were given with, and how many cases run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from engine.errors import Forbidden, NotFound
from engine.ports import Option, SourceQuery
from engine.records import InstanceState, Paging
from engine.store.journal import journal
from engine.store.transaction import Transaction
from engine.wording import Text
from tests.engine import diagrams as d
from tests.engine.conftest import (
    ADMIN,
    ANSWERS,
    AUDITOR,
    COORDINATOR,
    HEAD,
    OFFICER,
    OWNER,
    STRANGER,
    WORKER,
    Desk,
)
from tests.engine.test_journal import drop_triggers


class Colours:
    """A source whose second choice depends on the case."""

    name = "colours"

    def options(self, _transaction: Transaction, query: SourceQuery) -> Sequence[Option]:
        person = str(query.variables.get("person"))
        return (Option("r", "أحمر", "red"), Option("p", person, person))


class TestPast:
    def test_each_step_says_what_it_left_took_and_where_the_case_stood(self, intake: Desk) -> None:
        case = intake.start("intake", variables={"person": "p"}, business_key="K1")
        intake.complete(WORKER, "ask", ANSWERS)
        past = intake.engine.history.past(HEAD, case.id)
        first, second = past.steps
        assert (first.entry.seq, first.entry.kind) == (1, "start")
        assert (first.active, first.left) == ((("intake", "ask"),), (("intake", "start"),))
        assert first.flows == (("intake", "start_ask"),)
        assert first.focus == ("intake", "ask")
        assert set(second.active) == {("intake", "review"), ("intake", "partner")}
        assert ("intake", "ask") in second.left
        assert second.focus in second.active
        assert second.facts
        assert (past.business_key, past.with_data, past.erased) == ("K1", True, False)
        assert [one.version.key for one in past.drawings] == ["intake"]
        assert past.questions["name"].key == "name"

    def test_elements_are_named_as_the_diagram_does(self, intake: Desk) -> None:
        case = intake.start("intake")
        past = intake.engine.history.past(HEAD, case.id)
        assert past.name_of((None, "ask")) == Text("ask task", "ask task")
        assert past.name_of(("intake", "ask")) == Text("ask task", "ask task")
        assert past.name_of(("other", "ask")) == Text("ask", "ask")
        assert past.name_of((None, "gone"), "A name") == Text("A name", "A name")

    def test_who_may_not_read_data_sees_the_same_way_without_it(self, intake: Desk) -> None:
        case = intake.start("intake", variables={"person": "p"}, business_key="K1")
        intake.complete(WORKER, "ask", ANSWERS)
        full = intake.engine.history.past(AUDITOR, case.id)
        bare = intake.engine.history.past(OWNER, case.id)
        for one, other in zip(full.steps, bare.steps, strict=True):
            assert (one.active, one.left, one.flows) == (other.active, other.left, other.flows)
            assert one.focus == other.focus
            assert (other.entry.data, other.facts) == ({}, ())
        assert (bare.business_key, bare.with_data, bare.questions) == (None, False, {})
        assert bare.is_whole

    def test_reading_is_noted_once_and_only_where_data_was_shown(self, intake: Desk) -> None:
        case = intake.start("intake", subject="person:1")
        intake.engine.history.past(OWNER, case.id)
        intake.engine.history.past(WORKER, case.id)
        lines = intake.engine.access_log.list(AUDITOR, Paging(50), subject="person:1").items
        assert [(one.actor, one.through) for one in lines] == [(WORKER.username, "case history")]

    def test_an_erased_person_leaves_the_ways_taken(self, intake: Desk) -> None:
        case = intake.start("intake", subject="person:1", business_key="K1")
        intake.complete(WORKER, "ask", ANSWERS)
        with intake.engine.database.transaction() as transaction:
            intake.engine.keyring.destroy(transaction, "person:1")
        past = intake.engine.history.past(AUDITOR, case.id)
        assert (past.erased, past.with_data, past.business_key) == (True, False, None)
        assert past.is_whole
        assert past.steps[1].flows[0] == (None, "ask_split")
        assert (None, "ask") in past.steps[1].left
        assert past.steps[1].focus == (None, "ask")

    def test_who_may(self, intake: Desk) -> None:
        case = intake.start("intake")
        history = intake.engine.history
        for reader in (WORKER, HEAD, AUDITOR, OWNER):
            assert len(history.past(reader, case.id).steps) == 1
            assert history.is_whole(reader, case.id)
        for look in (history.past, history.is_whole):
            for known in (COORDINATOR, ADMIN):
                with pytest.raises(Forbidden):
                    look(known, case.id)
            for nobody in (STRANGER, OFFICER):
                with pytest.raises(NotFound):
                    look(nobody, case.id)
            with pytest.raises(NotFound):
                look(AUDITOR, "nothing")


class TestAltered:
    """What somebody with the database in hand did to a journal is shown, not tripped over."""

    @pytest.fixture
    def told(self, intake: Desk) -> tuple[Desk, str]:
        case = intake.start("intake", variables={"person": "p"})
        intake.complete(WORKER, "ask", ANSWERS)
        intake.complete(HEAD, "review", {})
        return intake, case.id

    def test_a_changed_byte_ends_the_history_before_it(self, told: tuple[Desk, str]) -> None:
        desk, case = told
        alter(desk, case, 2, payload=flipped)
        for reader in (HEAD, OWNER):
            past = desk.engine.history.past(reader, case)
            assert [one.entry.seq for one in past.steps] == [1]
            assert (past.first_bad, past.unread_from, past.is_whole) == (2, 2, False)

    def test_of_an_altered_first_entry_nothing_is_left(self, told: tuple[Desk, str]) -> None:
        desk, case = told
        alter(desk, case, 1, payload=flipped)
        past = desk.engine.history.past(HEAD, case)
        assert (past.steps, past.first_bad, past.unread_from) == ((), 1, 1)

    @pytest.mark.parametrize("column", ["header", "flow_ids"])
    def test_what_is_no_json_any_more(self, told: tuple[Desk, str], column: str) -> None:
        desk, case = told
        alter(desk, case, 3, **{column: lambda _old: "{"})
        past = desk.engine.history.past(HEAD, case)
        assert (len(past.steps), past.first_bad, past.unread_from) == (2, 3, 3)

    def test_an_entry_that_can_be_read_is_shown_and_named(self, told: tuple[Desk, str]) -> None:
        desk, case = told
        alter(desk, case, 2, actor=lambda _old: "nobody")
        past = desk.engine.history.past(HEAD, case)
        assert (len(past.steps), past.first_bad, past.unread_from) == (3, 2, None)

    @pytest.mark.parametrize(("seq", "left"), [(2, 1), (3, 2)])
    def test_a_removed_entry(self, told: tuple[Desk, str], seq: int, left: int) -> None:
        desk, case = told
        drop_triggers(desk.engine.database)
        with desk.engine.database.transaction() as transaction:
            gone = (journal.c.stream == f"case:{case}") & (journal.c.seq == seq)
            transaction.execute(journal.delete().where(gone))
        past = desk.engine.history.past(HEAD, case)
        assert (len(past.steps), past.first_bad, past.unread_from) == (left, seq, seq)


def flipped(payload: bytes) -> bytes:
    """The payload with its last byte changed."""
    return payload[:-1] + bytes([payload[-1] ^ 1])


def alter(desk: Desk, case: str, seq: int, **columns: Callable[[Any], Any]) -> None:
    """Change columns of an entry of a case's journal, past the database's guard."""
    [(name, change)] = columns.items()
    where = (journal.c.stream == f"case:{case}") & (journal.c.seq == seq)
    drop_triggers(desk.engine.database)
    with desk.engine.database.transaction() as transaction:
        old = transaction.execute(sa.select(journal.c[name]).where(where)).scalar_one()
        transaction.execute(journal.update().where(where).values({name: change(old)}))


class TestFormsUsed:
    @pytest.fixture
    def painted(self, desk: Desk) -> Desk:
        """A case whose form asks for a colour."""
        desk.engine.add_source(Colours())
        form = d.form("paint", d.reference_field("colour", "colours"), d.text_field("why"))
        one = [d.start(), d.user_task("paint", form="paint"), d.user_task("rest"), d.end()]
        steps = [*one, d.chain("start", "paint", "rest", "end")]
        desk.deploy(p__bpmn=d.diagram("p", steps, variables="person"), paint__form=form)
        return desk

    def test_the_form_and_what_its_codes_mean(self, painted: Desk) -> None:
        case = painted.start("p", variables={"person": "Salma"})
        painted.complete(WORKER, "paint", {"colour": "p"})
        [entry] = [
            one.entry
            for one in painted.engine.history.past(HEAD, case.id).steps
            if one.entry.kind == "complete"
        ]
        hash_ = entry.data["submission"]["form_hash"]
        history = painted.engine.history
        used = history.form_used(HEAD, case.id, hash_, {"colour": "p"})
        assert used.form.id == "paint"
        assert [one.label_en for one in used.options["colour"]] == ["red", "Salma"]
        assert history.form_used(HEAD, case.id, hash_, {"why": "x"}).options == {}
        for known in (OWNER, COORDINATOR, ADMIN):
            with pytest.raises(Forbidden):
                history.form_used(known, case.id, hash_, {})
        for nobody in (STRANGER, OFFICER):
            with pytest.raises(NotFound):
                history.form_used(nobody, case.id, hash_, {})
        with pytest.raises(NotFound):
            history.form_used(HEAD, case.id, "0" * 64, {})

    def test_the_history_names_what_codes_stand_for(self, painted: Desk) -> None:
        case = painted.start("p", variables={"person": "Salma"})
        painted.complete(WORKER, "paint", {"colour": "p"})
        past = painted.engine.history.past(HEAD, case.id)
        [named] = past.questions["colour"].choices
        assert (named.value, named.label_en) == ("p", "Salma")
        assert painted.engine.history.past(OWNER, case.id).questions == {}


class TestManyCases:
    def test_running_cases_are_counted_by_process_within_ones_places(self, intake: Desk) -> None:
        cases = intake.engine.cases
        assert cases.running(AUDITOR) == {}
        near = [intake.start("intake") for _ in range(3)]
        intake.start("intake", STRANGER)
        assert cases.running(WORKER) == {"intake": 3}
        assert cases.running(COORDINATOR) == {"intake": 4}
        assert cases.running(OFFICER) == {}
        cases.cancel(HEAD, near[0].id, "moved")
        assert cases.get(HEAD, near[0].id).state is InstanceState.CANCELLED
        assert cases.running(WORKER) == {"intake": 2}

    def test_cases_of_many_subjects_as_far_as_one_sees_them(self, intake: Desk) -> None:
        first = intake.start("intake", subject="person:1").id
        intake.advance(hours=1)
        second = intake.start("intake", subject="person:1").id
        far = intake.start("intake", STRANGER, subject="person:2").id
        cases = intake.engine.cases

        def found(reader: object) -> dict[str, list[str]]:
            wanted = ["person:1", "person:2", "person:3", "a\0b"]
            known = cases.of_subjects(reader, wanted)  # type: ignore[arg-type]
            return {subject: [one.id for one in many] for subject, many in known.items()}

        assert found(AUDITOR) == {"person:1": [second, first], "person:2": [far]}
        assert found(WORKER) == {"person:1": [second, first]}
        assert found(OFFICER) == {}
        assert all(
            not one.variables for one in cases.of_subjects(AUDITOR, ["person:1"])["person:1"]
        )
