"""The operations of the API: one file per resource, each view one verb."""

from __future__ import annotations

from api.resources import (
    auth,
    catalogue,
    clock,
    deployments,
    documents,
    incidents,
    instances,
    messages,
    notifications,
    oversight,
    persons,
    probes,
    processes,
    reports,
    tasks,
    users,
)

BLUEPRINTS = (
    auth.blueprint,
    deployments.blueprint,
    processes.blueprint,
    instances.blueprint,
    documents.blueprint,
    tasks.blueprint,
    messages.blueprint,
    incidents.blueprint,
    persons.blueprint,
    catalogue.blueprint,
    notifications.blueprint,
    users.blueprint,
    reports.blueprint,
    oversight.blueprint,
    clock.blueprint,
    probes.blueprint,
)
"""In the order in which the reference describes them."""

__all__ = ["BLUEPRINTS", "probes"]
