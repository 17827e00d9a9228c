"""What reports count, as SQL: each measure is a SELECT of the rows behind a number.

Its columns are `counted` (what a number counts once: a person, a case, a referral, …),
`instance_id` (the case it belongs to), `branch`, and whatever a table is broken down by.
"""

from journey.store.reports import (
    counting,
    cycles,
    dimensions,
    facts,
    market,
    office_facts,
    outcomes,
    people,
    referrals,
    work,
)
from journey.store.reports.scope import Scope

__all__ = [
    "Scope",
    "counting",
    "cycles",
    "dimensions",
    "facts",
    "market",
    "office_facts",
    "outcomes",
    "people",
    "referrals",
    "work",
]
