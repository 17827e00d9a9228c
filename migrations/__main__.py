"""`python -m migrations upgrade URL` and, for developers, `python -m migrations revise MESSAGE`."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import EngineError
from migrations.commands import FOLDER, current, head, revise, upgrade


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m migrations", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    up = actions.add_parser("upgrade", help="bring a database to the newest tables")
    up.add_argument("url", help="sqlite:///var/rihla.db or postgresql+psycopg://…")
    new = actions.add_parser("revise", help="write a migration from the tables in the code")
    new.add_argument("message", help="what the migration does, in a few words")
    initial = actions.add_parser(
        "initial", help="write 0001_initial.py anew; only before the first release"
    )
    initial.set_defaults(message="initial")
    arguments = parser.parse_args()
    if arguments.action == "upgrade":
        try:
            upgrade(arguments.url)
            print(f"The database stands at {current(arguments.url)}.")
        except EngineError as error:
            raise SystemExit(str(error)) from error
        return
    with _set_aside(FOLDER / "versions" / "0001_initial.py", arguments.action == "initial"):
        written = _revise(arguments.message)
    print(f"Written: {written}. Read it, then run `ruff format` on it.")


@contextmanager
def _set_aside(path: Path, wanted: bool) -> Iterator[None]:
    """Put a migration away while it is written anew; back again when that fails."""
    kept = path.read_bytes() if wanted and path.exists() else None
    if kept is not None:
        path.unlink()
    try:
        yield
    except BaseException:
        if kept is not None:
            path.write_bytes(kept)
        raise


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
