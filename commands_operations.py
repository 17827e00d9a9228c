"""The commands of whoever runs an installation: backup, restore, seal, verify, retention."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import click
from rich.console import Console

import migrations
import operations
from app import Product, compose
from engine.crypto import Keyring, load_master_key
from engine.engine import Engine
from engine.retention import Retention, Rules
from engine.seals import Seals
from operations import BackupError, erased_list, seal_files
from operations.erased_list import FILE as LIST
from operations.erasure import erase_again, eraser
from operations.upkeep import Upkeep
from operations.verification import Check, Verified, faults
from settings import Settings, load_settings

FOLDER = click.Path(file_okay=False, path_type=Path)
CHECKS = [check.value for check in Check]


@click.command()
@click.argument("folder", type=FOLDER, required=False)
def backup(folder: Path | None) -> None:
    """Write a backup into FOLDER, which must be new (default: below `backups` in the data folder).

    Everything may go on meanwhile. The master key is not in it: keep that elsewhere, and safe.
    """
    settings = load_settings()
    now = datetime.now(UTC)
    if folder is None:
        folder = settings.data_dir / "backups" / now.strftime("%Y-%m-%dT%H%M%SZ")
    with (
        closing(compose(settings).engine) as engine,
        Console(stderr=True).status("Backing up") as status,
    ):
        made = operations.back_up(
            engine.database,
            engine.keyring,
            folder,
            now=now,
            progress=lambda table: status.update(f"Backing up {table}"),
        )
    rows = sum(part.rows for part in made.parts)
    size = sum(part.bytes for part in made.parts)
    click.echo(
        f"{folder}: {rows} rows of {len(made.parts)} tables, {made.chains} chains with "
        f"{made.entries} entries, {size / 1e6:.1f} MB. The master key is not in it."
    )


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Give up what the database holds now.")
@click.option(
    "--erased",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Who was erased since the backup (default: erased.txt in seals_dir).",
)
def restore(folder: Path, replace: bool, erased: Path | None) -> None:
    """Load the backup in FOLDER, bring it to this release, and verify all of it."""
    settings = load_settings()
    keyring = _keyring_that_is_there(settings)
    with Console(stderr=True).status("Checking the backup") as status:
        done = operations.restore(
            folder,
            settings.database_url,
            keyring,
            replace=replace,
            progress=lambda table: status.update(f"Restoring {table}"),
        )
    click.echo(
        f"Restored {done.rows} rows as of {done.manifest.made_at.isoformat(timespec='seconds')}; "
        f"the database stands at migration {migrations.head()}."
    )
    with closing(compose(settings).engine) as engine:
        _erase_again(engine, done.erased | erased_list.read(erased or settings.seals_dir / LIST))
        found = _verified(engine, frozenset(Check))
    sys.exit(1 if found else 0)


@click.command()
def seal() -> None:
    """Make today's seal, if the scheduler has not, and write every seal that has no file yet."""
    settings = load_settings()
    with closing(_opened(settings)) as engine:
        seals = Seals(engine.database, engine.clock)
        made = seals.seal() or seals.newest()
        files = seal_files.write(seals.every(), settings.seals_dir)
        with engine.database.reading() as tx:
            erased = erased_list.erased_in(tx)
        erased_list.write(erased, settings.seals_dir)
    for file in files:
        click.echo(f"Written: {file}")
    if made is not None:
        click.echo(
            f"{made.day}: {made.chains} chains, {made.changed} of them new or longer since the "
            f"seal before; {made.hash}"
        )


@click.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Trust what was sealed by then.")
@click.option("--stream", help="Only this one, such as case:… or person:… or admin.")
@click.option("--seals", type=FOLDER, help="Seal files kept elsewhere (default: seals_dir).")
@click.option(
    "--check", "checks", multiple=True, type=click.Choice(CHECKS), help="Only this; repeatable."
)
def verify(
    since: datetime | None, stream: str | None, seals: Path | None, checks: tuple[str, ...]
) -> None:
    """Prove that nothing was altered: chains, seals, rows, states and projections.

    Names each fault and exits with 1 when there is one.
    """
    settings = load_settings()
    if seals is not None and not seals.is_dir():
        raise click.ClickException(f"{seals} is no folder of seal files.")
    wanted = frozenset(Check(check) for check in checks) or frozenset(Check)
    day = since.date() if since is not None else None
    with closing(compose(settings).engine) as engine:
        found = _verified(
            engine, wanted, seals=seals or settings.seals_dir, since=day, stream=stream
        )
    sys.exit(1 if found else 0)


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be erased.")
def retention(dry_run: bool) -> None:
    """Erase what need not be kept any longer, by the rules in config.yaml; the scheduler does it
    every day."""
    settings = load_settings()
    with closing(_opened(settings)) as engine:
        _name_unknown_processes(engine, settings)
        rules = retention_of(engine, settings)
        if dry_run:
            _name_due(rules)
        else:
            _erase_due(rules)


def retention_of(engine: Engine, settings: Settings) -> Retention:
    """Retention by the settings' rules. Raises `engine.retention.BadRule`."""
    return Retention(engine.parts, Rules.read(settings.retention), eraser(engine))


def upkeep_of(product: Product) -> Upkeep:
    """The scheduler's daily work."""
    engine, settings = product.engine, product.settings
    return Upkeep(engine, retention_of(engine, settings), settings.seals_dir)


def _name_due(rules: Retention) -> None:
    count = 0
    for one in rules.due():
        count += 1
        kind = "person" if one.subject is not None else "case"
        click.echo(
            f"{kind} {one.subject or one.owner}: {one.cases} ended, the last on "
            f"{one.last_ended_at.date()} ({', '.join(one.processes)})"
        )
    click.echo(f"{count} would be erased.")


def _erase_due(rules: Retention) -> None:
    erased, after = 0, ""
    while True:
        batch = rules.erase(after=after)
        erased += len(batch.owners)
        for owner in batch.kept:
            click.echo(f"{owner}: something still goes on; kept.", err=True)
        if batch.last is None:
            break
        after = batch.last
    click.echo(f"{erased} erased; each is in the journal of administration.")


def _opened(settings: Settings) -> Engine:
    """The engine over a database of this release that was made with this master key. Raises
    `EngineError`."""
    engine = compose(settings).engine
    with engine.database.transaction() as tx:
        engine.keyring.check(tx)
    return engine


def _keyring_that_is_there(settings: Settings) -> Keyring:
    """The master key that the operator brought. None is made here: nothing of a backup could be
    read with it."""
    file = settings.data_dir / "keys" / "master.key"
    if not settings.master_key and not file.exists():
        raise BackupError(
            "There is no master key here, and a backup never holds one. Set RIHLA_MASTER_KEY, or "
            f"put the key that the backup was made with into {file}, readable by its owner only."
        )
    return Keyring(load_master_key(settings.master_key, file))


def _erase_again(engine: Engine, owners: frozenset[str]) -> None:
    again = erase_again(engine, owners)
    if again.done:
        click.echo(f"{len(again.done)} erased again, as before the restore.")
    for owner in again.left:
        click.echo(
            f"{owner} was erased after the backup was made, but has running cases in it. "
            "Cancel them and erase again.",
            err=True,
        )


def _verified(
    engine: Engine,
    checks: frozenset[Check],
    *,
    seals: Path | None = None,
    since: date | None = None,
    stream: str | None = None,
) -> int:
    """Verify, name what is wrong, and say what was looked at; the number of faults."""
    looked_at = Verified()
    count = 0
    with Console(stderr=True).status("Verifying") as status:
        for fault in faults(
            engine,
            checks=checks,
            seals=seals,
            since=since,
            stream=stream,
            verified=looked_at,
            started=lambda check: status.update(f"Verifying {check.value}"),
        ):
            count += 1
            click.echo(str(fault), err=True)
    done = ", ".join(looked_at.done)
    click.echo(
        f"{looked_at.chains} chains with {looked_at.entries} entries; checked: {done}; "
        f"{count} faults."
    )
    return count


def _name_unknown_processes(engine: Engine, settings: Settings) -> None:
    with engine.database.reading() as tx:
        known = {definition.key for definition in engine.definitions.latest(tx)}
    for key in sorted(set(settings.retention) - known):
        click.echo(f"retention names {key}, but there is no such process.", err=True)


COMMANDS = (backup, restore, seal, verify, retention)
