"""How long a server process waits for PostgreSQL before it tells its caller to come back."""

from __future__ import annotations

import sqlalchemy as sa

CONNECT_SECONDS = 5
LIMITS = {
    "statement_timeout": "60s",
    # Commands on one case queue up behind each other; a queue of this length has no end.
    "lock_timeout": "15s",
    # A process that was stopped in the middle must not hold its case for ever.
    "idle_in_transaction_session_timeout": "60s",
}


def impatient(url: str) -> str:
    """`url` with time limits for the connections that serve requests; what the URL itself sets is
    stronger. SQLite's has none to set."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "postgresql":
        return url
    own = parsed.query.get("options", "")
    own = own if isinstance(own, str) else " ".join(own)
    options = " ".join(f"-c {name}={value}" for name, value in LIMITS.items())
    query = {"connect_timeout": str(CONNECT_SECONDS), **parsed.query}
    query["options"] = f"{options} {own}".strip()
    return parsed.set(query=query).render_as_string(hide_password=False)
