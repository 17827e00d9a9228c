"""What people with bad intentions sent: each was once a fault, now it is an answer."""

from __future__ import annotations

import io

import pytest
from werkzeug.test import EnvironBuilder

from tests.web.driver import Pages

WORKER = "case_worker.irbid"
HUGE = "9" * 23
NAMELESS = b"--abc\r\nContent-Disposition: form-data\r\n\r\nx\r\n--abc--\r\n"


def test_a_part_without_a_name_is_refused(pages: Pages) -> None:
    builder = EnvironBuilder(
        "/sign-in", method="POST", input_stream=io.BytesIO(NAMELESS),
        content_type="multipart/form-data; boundary=abc", content_length=len(NAMELESS),
    )  # fmt: skip
    assert pages.client(WORKER).open(builder).status_code == 400


@pytest.mark.parametrize("path", [f"/processes/contact/{HUGE}", f"/processes/contact/{HUGE}.bpmn"])
def test_a_version_that_no_database_counts_to(pages: Pages, path: str) -> None:
    assert pages.get("process_owner.hq", path).status_code == 404


@pytest.mark.parametrize("path", [f"/absence/{HUGE}/end", f"/substitutes/{HUGE}/end"])
def test_a_substitution_that_no_database_counts_to(pages: Pages, path: str) -> None:
    assert pages.post("branch_head.irbid", path, {}).status_code == 404


def test_a_revision_that_no_row_has_is_out_of_date(pages: Pages) -> None:
    address = "/catalogue/mol_irbid.mediation"
    data = {"revision": HUGE, "last_day": "31/12/2030"}
    for path in (f"{address}/edit", f"{address}/end"):
        assert pages.post("hq_coordinator.hq", path, data).status_code in (409, 422)


def test_a_row_without_changes_has_an_empty_history(pages: Pages) -> None:
    for path in ("/providers/mol_irbid/history", "/catalogue/mol_irbid.mediation/history"):
        assert pages.get("hq_coordinator.hq", path).status_code == 200
