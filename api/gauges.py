"""The gauges of `/metrics` that are looked up when they are asked for, so that every process of
an installation tells the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from engine.errors import EngineError
from engine.metering import Metering


class Gauges(Collector):
    """Queues, lateness and incidents from the database; room on the disk of the data folder."""

    def __init__(self, metering: Metering, data_dir: Path) -> None:
        self._metering = metering
        self._data_dir = data_dir

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges of this moment. Without the database only that it is away."""
        free = shutil.disk_usage(self._data_dir).free
        yield _gauge("rihla_disk_free_bytes", "Room left on the data folder's disk.", free)
        try:
            found = self._metering.backlog()
        except EngineError:
            yield _gauge("rihla_database_up", "Whether the database answers.", 0)
            return
        yield _gauge("rihla_database_up", "Whether the database answers.", 1)
        yield _gauge("rihla_timers_due", "Timers that should have fired.", found.timers_due)
        yield _gauge(
            "rihla_timer_lateness_seconds",
            "By how much the first due timer is late.",
            found.timer_lateness,
        )
        yield _gauge("rihla_calls_waiting", "Calls without an answer yet.", found.calls_waiting)
        yield _gauge("rihla_call_age_seconds", "Age of the oldest of them.", found.call_age)
        yield _gauge("rihla_messages_pending", "Messages to deliver.", found.messages_pending)
        yield _gauge("rihla_message_age_seconds", "Age of the oldest of them.", found.message_age)
        incidents = GaugeMetricFamily(
            "rihla_incidents_open",
            "Cases, timers and messages that stand still.",
            labels=["origin"],
        )
        for origin in ("case", "timer", "message"):
            incidents.add_metric([origin], found.incidents.get(origin, 0))
        yield incidents
        yield _gauge("rihla_tasks_open", "Open user tasks.", found.tasks_open)
        yield _gauge("rihla_tasks_overdue", "Open tasks past their due time.", found.tasks_overdue)

    def text(self) -> str:
        """The gauges as Prometheus reads them."""
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry).decode()


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=value)
