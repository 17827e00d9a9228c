"""Units, providers, the catalogue, employers, vacancies. Nothing is deleted: rows end by date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.blueprint import Blueprint
from api.context import actor, idempotency, journey
from api.paging import page_of_all, paging
from api.schemas import catalogue as schemas
from api.shapes import Answer, Body, Paged, Query, page_of
from journey.registry import Registry

blueprint = Blueprint("catalogue", __name__, description="Places, services, jobs, with validity.")


@blueprint.operation("GET", "/units", query=schemas.UnitQuery, returns=page_of(schemas.UnitAnswer))
def list_units(query: dict[str, Any]) -> Any:
    """The units active today."""
    found = journey().units.list(actor(), query.get("kind"))
    return page_of_all(found, query, lambda unit: unit.code)


@blueprint.operation(
    "POST", "/units/<code:unit>/visits", body=schemas.Visit, returns=None, status=204,
    problems=(403,), idempotent=True,
)  # fmt: skip
def record_visit(unit: str, body: dict[str, Any]) -> None:
    """Record that headquarters visited an office."""
    journey().units.record_visit(
        actor(), unit, body["visited_on"], body["note"], idempotency=idempotency(unit)
    )


@dataclass(frozen=True)
class Collection:
    """One kind of row: its path, its words, its shapes and the verbs behind it."""

    path: str
    one: str
    many: str
    query: type[Query]
    new: type[Body]
    change: type[Body]
    answer: type[Answer]
    verbs: Callable[[], Registry]


COLLECTIONS = (
    Collection(
        "catalogue",
        "catalogue_entry",
        "catalogue",
        schemas.CatalogueQuery,
        schemas.NewEntry,
        schemas.EntryChange,
        schemas.EntryAnswer,
        lambda: journey().catalogue,
    ),
    Collection(
        "providers",
        "provider",
        "providers",
        schemas.ProviderQuery,
        schemas.NewProvider,
        schemas.ProviderChange,
        schemas.ProviderAnswer,
        lambda: journey().providers,
    ),
    Collection(
        "employers",
        "employer",
        "employers",
        schemas.EmployerQuery,
        schemas.NewEmployer,
        schemas.EmployerChange,
        schemas.EmployerAnswer,
        lambda: journey().employers,
    ),
    Collection(
        "vacancies",
        "vacancy",
        "vacancies",
        schemas.VacancyQuery,
        schemas.NewVacancy,
        schemas.VacancyChange,
        schemas.VacancyAnswer,
        lambda: journey().vacancies,
    ),
)


def _add(rows: Collection) -> None:
    """Register the five operations of one kind of row."""

    def list_rows(query: dict[str, Any]) -> Any:
        page = paging(query)
        return rows.verbs().list(actor(), paging=page, **query)

    def get_row(row_id: str) -> Any:
        return rows.verbs().get(actor(), row_id)

    def create_row(body: dict[str, Any]) -> Any:
        return rows.verbs().create(actor(), body, idempotency=idempotency())

    def change_row(row_id: str, body: dict[str, Any]) -> Any:
        revision = body.pop("revision", None)
        return rows.verbs().update(actor(), row_id, body, revision=revision)

    def row_history(row_id: str, query: dict[str, Any]) -> Any:
        changes = rows.verbs().history(actor(), row_id)
        return page_of_all(changes, query, lambda change: change["revision"])

    def named(view: Callable[..., Any], name: str, summary: str) -> Callable[..., Any]:
        view.__name__, view.__doc__ = name, summary
        return view

    one, words, path = rows.one, rows.one.replace("_", " "), f"/{rows.path}"
    blueprint.operation(
        "GET", path, query=rows.query, returns=page_of(rows.answer), problems=(403,)
    )(named(list_rows, f"list_{rows.many}", f"Rows of the {words} list that hold, by id."))
    blueprint.operation(
        "POST",
        path,
        body=rows.new,
        returns=rows.answer,
        status=201,
        problems=(403, 409),
        idempotent=True,
    )(named(create_row, f"create_{one}", f"Add a {words}."))
    blueprint.operation("GET", f"{path}/<code:row_id>", returns=rows.answer, problems=(403,))(
        named(get_row, f"get_{one}", f"One {words}, whether it still holds or not.")
    )
    blueprint.operation(
        "PATCH",
        f"{path}/<code:row_id>",
        body=rows.change,
        returns=rows.answer,
        problems=(403, 409),
    )(named(change_row, f"change_{one}", f"Change a {words}; it ends by its valid_to."))
    blueprint.operation(
        "GET",
        f"{path}/<code:row_id>/history",
        query=Paged,
        returns=page_of(schemas.RowChangeAnswer),
        problems=(403,),
    )(named(row_history, f"history_of_{one}", f"How a {words} was before each change."))


for _rows in COLLECTIONS:
    _add(_rows)
