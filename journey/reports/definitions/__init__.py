"""The reports that there are, one file a theme (reports.md 4)."""

from journey.reports.definitions import (
    cycles,
    employment,
    loop,
    market,
    offices,
    referred,
    results,
    workload,
)
from journey.reports.plan import ReportPlan

REPORTS: tuple[ReportPlan, ...] = (
    offices.OFFICES,
    loop.LOOP,
    results.RESULTS,
    employment.EMPLOYED,
    employment.RETENTION,
    referred.REFERRED,
    referred.STABLE,
    employment.WAGES,
    market.VACANCIES,
    market.NEEDS,
    cycles.CYCLES,
    workload.WORKLOAD,
    workload.READINESS,
    cycles.FACTS,
)
"""In the order in which they are listed."""

__all__ = ["REPORTS"]
