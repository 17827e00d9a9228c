"""Search by name at one branch, at several, and everywhere."""

from __future__ import annotations

import pytest

from engine.records import Actor, Role
from journey.store import persons
from tests.journey.conftest import HEAD_IRBID, IRBID, ZARQA, Product

BOTH = Actor("both", frozenset({Role.CASE_WORKER}), frozenset({"naf:irbid", "naf:zarqa"}))


def found(product: Product, actor: Actor, q: str, limit: int = 50) -> list[str]:
    return [person.id for person in product.journey.persons.search(actor, q, limit=limit)]


def test_several_branches_are_one_list_those_registered_first(product: Product) -> None:
    ids = [
        product.person(number, who=actor, first_name="محمد", last_name=last).id
        for number, (actor, last) in enumerate(
            [(IRBID, "الزعبي"), (ZARQA, "المصري"), (IRBID, "المصري"), (ZARQA, "الزعبي")], 1
        )
    ]
    assert found(product, BOTH, "محمد") == ids
    assert found(product, BOTH, "محمد", limit=3) == ids[:3]
    assert found(product, BOTH, "محمد المصري") == found(product, BOTH, "المصري محم") == ids[1:3]
    assert found(product, ZARQA, "محمد") == [ids[1], ids[3]]
    with product.database.reading() as tx:
        tokens = product.journey.persons._vault.search_tokens("محمد الزعبي")
        assert persons.with_tokens(tx, tokens, None, 50) == [ids[0], ids[3]]


@pytest.mark.parametrize("q", ["إيمان", "إيمان الغيثي"])
def test_who_moved_is_found_at_the_new_branch_only(field_test: Product, q: str) -> None:
    person = field_test.person()
    opened = field_test.journey.cycles.open(IRBID, person.id)
    field_test.engine.cases.transfer(HEAD_IRBID, opened.id, "naf:zarqa", "moved house")
    assert found(field_test, ZARQA, q) == [person.id]
    assert found(field_test, IRBID, q) == []
    changed = field_test.journey.persons.update(ZARQA, person.id, {"phone": "07"}, version=1)
    assert found(field_test, ZARQA, q) == [changed.id]
