"""`python -m migrations upgrade URL` and, for developers, `python -m migrations revise MESSAGE`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from engine.errors import EngineError
from migrations.commands import current, head, revise, upgrade


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m migrations", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    up = actions.add_parser("upgrade", help="bring a database to the newest tables")
    up.add_argument("url", help="sqlite:///var/rihla.db or postgresql+psycopg://…")
    new = actions.add_parser("revise", help="write a migration from the tables in the code")
    new.add_argument("message", help="what the migration does, in a few words")
    arguments = parser.parse_args()
    if arguments.action == "upgrade":
        try:
            upgrade(arguments.url)
            print(f"The database stands at {current(arguments.url)}.")
        except EngineError as error:
            raise SystemExit(str(error)) from error
        return
    print(f"Written: {_revise(arguments.message)}. Read it, then run `ruff format` on it.")


def _revise(message: str) -> Path:
    """Compare the code with a scratch database that stands at the head."""
    newest = head()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/scratch.db"
        if newest is not None:
            upgrade(url)
        return revise(url, message, f"{int(newest or 0) + 1:04d}")


if __name__ == "__main__":
    main()
