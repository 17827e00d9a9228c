"""Fixtures of the pages' tests: the real product with its demonstration data, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import Product
from tests.journey.scenarios.conftest import installed, restart, same_routes
from tests.prepared import PreparedDatabases
from tests.web.compiled import pages_of
from tests.web.driver import Pages

__all__ = ["same_routes"]


@pytest.fixture(scope="session")
def page_tokens() -> dict[str, str]:
    """Signed-in sessions by user name."""
    return {}


@pytest.fixture
def product(prepared: PreparedDatabases, tmp_path: Path) -> Iterator[Product]:
    """The product over an installation of its own, on the simulated clock at `START`.

    SQLite only: the verbs that pages call are tested on both systems, pages ask nothing else.
    """
    running = restart(tmp_path, prepared.fresh("sqlite", "installed", installed, tmp_path))
    yield running
    running.engine.close()


@pytest.fixture
def pages(product: Product, page_tokens: dict[str, str]) -> Pages:
    """The pages, to be spoken to as any user: `pages.get("case_worker.irbid", "/tasks")`."""
    return Pages(product, pages_of(product), page_tokens)
