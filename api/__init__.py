"""JSON over HTTP for programs: parses requests, calls one verb of engine or journey, answers."""

from __future__ import annotations

from api.app import beside, create_app
from api.gate import Gate, places
from api.logs import configure_logging

__all__ = ["Gate", "beside", "configure_logging", "create_app", "places"]
