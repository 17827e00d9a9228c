"""What is refused at deployment, all of it at once, with nothing stored."""

from __future__ import annotations

import pytest

from engine.errors import Refused
from engine.source_files import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES, SourceFile
from tests.engine import diagrams as d
from tests.engine.shop import (
    CARD,
    CARD_2,
    OWNER,
    Shop,
    asking,
    decision,
    process,
    rule,
)


def test_a_form_that_breaks_a_dependent_is_refused(shop: Shop) -> None:
    reading = process("a", d.user_task("w0", form="card"), d.script("w1", "=name", "copy"))
    shop.deploy(a__bpmn=reading, card__form=CARD)
    found = shop.findings(card__form=d.form("card", d.text_field("other")))
    assert set(found.values()) == {"a.bpmn"}
    assert shop.pins("a") == {"card": 1}


def test_a_dependent_by_latest_is_checked_too(shop: Shop) -> None:
    needing = decision("t", "wanted")
    shop.deploy(a__bpmn=process("a", rule("w0", "t", binding="latest")), t__dmn=decision("t", "1"))
    assert set(shop.findings(t__dmn=needing).values()) == {"a.bpmn"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, {"no-files": ""}),
        ({"a__txt": b"x"}, {"file-kind": "a.txt"}),
        ({"a__bpmn": b""}, {"empty": "a.bpmn"}),
        ({"a__bpmn": b" \n"}, {"empty": "a.bpmn"}),
        ({"a__bpmn": b"PK\x03\x04 and so on"}, {"archive": "a.bpmn"}),
        ({"a__form": b"\xff\xfe\x00"}, {"encoding": "a.form"}),
        ({"a__form": b"x" * (MAX_FILE_BYTES + 1)}, {"too-large": "a.form"}),
        ({"../a__bpmn": b"x"}, {"file-name": "../a.bpmn"}),
        ({"..\\a__bpmn": b"x"}, {"file-name": "..\\a.bpmn"}),
        ({"a\n__bpmn": b"x"}, {"file-name": "'a\\n.bpmn'"}),
        ({"__bpmn": process("a"), "a__bpmn": process("b")}, {"file-kind": ".bpmn"}),
        ({"a__bpmn": asking("a")}, {"form": "a.bpmn"}),
        ({"a__bpmn": asking("a"), "b__bpmn": asking("a"), "c__form": CARD},
         {"duplicate-id": "b.bpmn"}),
        ({"a__form": CARD, "b__form": CARD_2}, {"duplicate-id": "b.form"}),
        ({"a__dmn": decision("t", "1"), "b__dmn": decision("t", "1")},
         {"duplicate-id": "b.dmn"}),
        ({"a__bpmn": process("a", d.user_task("w0", "admin"))}, {"role": "a.bpmn"}),
        ({"a__bpmn": process("a", starters="auditor")}, {"starter-group": "a.bpmn"}),
    ],
)  # fmt: skip
def test_what_is_refused(shop: Shop, files: dict[str, bytes], expected: dict[str, str]) -> None:
    assert shop.findings(**files) == expected
    with shop.database.reading() as tx:
        assert shop.definitions.latest(tx) == []


def test_too_many_files_or_bytes(shop: Shop) -> None:
    many = {f"f{number}__form": b"{}" for number in range(MAX_FILES + 1)}
    assert shop.findings(**many) == {"too-many-files": ""}
    heavy = MAX_TOTAL_BYTES // MAX_FILE_BYTES + 1
    large = {f"f{number}__form": b"x" * MAX_FILE_BYTES for number in range(heavy)}
    assert shop.findings(**large) == {"too-large": ""}


def test_one_name_twice(shop: Shop) -> None:
    twice = [SourceFile("a.form", CARD), SourceFile("A.form", CARD_2)]
    found = shop.deployments.check(OWNER, twice)
    assert [finding.rule for finding in found] == ["duplicate-file"]


def test_all_that_is_wrong_is_said_at_once(shop: Shop) -> None:
    with pytest.raises(Refused) as refused:
        shop.deploy(
            a__bpmn=b"<not xml",
            b__dmn=b"<not xml",
            card__form=b"{not json",
            d__bpmn=asking("d"),
            e__bpmn=process("e", starters="nobody"),
        )
    files = [one.file for one in refused.value.findings if one.severity == "error"]
    # d.bpmn is not blamed for the form that could not be read
    assert sorted(files) == ["a.bpmn", "b.dmn", "card.form", "e.bpmn"]


HOSTILE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    b"<definitions>&e;</definitions>"
)


@pytest.mark.parametrize("name", ["a__bpmn", "a__dmn", "a__form"])
def test_hostile_files_are_findings(shop: Shop, name: str) -> None:
    assert set(shop.findings(**{name: HOSTILE}).values()) == {name.replace("__", ".")}
