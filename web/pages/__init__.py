"""The pages by area, one blueprint each."""

from __future__ import annotations

from flask import Blueprint

from web.pages import absence, account, cases, inbox, letters, links, oversight, persons, tasks

BLUEPRINTS: tuple[Blueprint, ...] = (
    account.blueprint,
    tasks.blueprint,
    inbox.blueprint,
    links.blueprint,
    absence.blueprint,
    cases.blueprint,
    oversight.blueprint,
    persons.blueprint,
    letters.blueprint,
)
