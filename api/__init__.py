"""JSON over HTTP for programs: parses requests, calls one verb of engine or journey, answers."""

from __future__ import annotations

from api.app import beside, create_app

__all__ = ["beside", "create_app"]
