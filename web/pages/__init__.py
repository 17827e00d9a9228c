"""The pages by area, one blueprint each."""

from __future__ import annotations

from flask import Blueprint

from web.pages import (
    absence,
    account,
    cases,
    catalogue,
    clock,
    documents,
    history,
    inbox,
    incidents,
    letters,
    links,
    oversight,
    persons,
    processes,
    reports,
    substitutes,
    tasks,
    units,
    users,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    account.blueprint,
    tasks.blueprint,
    inbox.blueprint,
    links.blueprint,
    absence.blueprint,
    cases.blueprint,
    documents.blueprint,
    oversight.blueprint,
    persons.blueprint,
    letters.blueprint,
    processes.blueprint,
    reports.blueprint,
    history.blueprint,
    catalogue.blueprint,
    users.blueprint,
    substitutes.blueprint,
    units.blueprint,
    incidents.blueprint,
    clock.blueprint,
)
