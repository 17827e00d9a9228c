"""The pages by area, one blueprint each."""

from __future__ import annotations

from flask import Blueprint

from web.pages import account

BLUEPRINTS: tuple[Blueprint, ...] = (account.blueprint,)
