"""The `rihla` command line: one function a command, each says what it did and exits non-zero when
it did not do it."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

import commands_operations
import migrations
import running
from api import configure_logging
from app import (
    Product,
    compose,
    demo_password,
    prepare,
    read_files,
    with_demo,
)
from bpmn import Finding
from dmn import DmnError, run_tck
from engine.errors import EngineError, NotSignedIn, Refused
from engine.records import SYSTEM, Paging, Role
from journey.demo import demo_users
from journey.pilot import SHIPPED as PILOT_CASES
from journey.pilot import START as PILOT_START
from journey.pilot_console import play
from scheduler import run_until_signalled
from settings import ROOT, Settings, SettingsError, ignored_variables, load_settings

FILES = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)

ROLES = [role.value for role in Role if role is not Role.SYSTEM]
"""Written as everywhere else: `case_worker`."""


class _Group(click.Group):
    """Turns what the product refuses into a message and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Refused as error:
            for finding in error.findings:
                click.echo(_finding_line(finding), err=True)
            raise click.ClickException(str(error)) from error
        except (EngineError, SettingsError, DmnError) as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(
                f"{place}{error.strerror or error}. Check the path, and who may read and write it."
            ) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Rihla runs a public service's client journey from files that its owners edit."""
    for name in ignored_variables():
        click.echo(f"{name} is no setting and is ignored; config.yaml lists them all.", err=True)


@main.command()
def run() -> None:
    """Prepare the data folder, then run the web server and the scheduler until Ctrl-C."""
    settings = load_settings()
    if not running.port_is_free(settings.port):
        raise click.ClickException(
            f"Somebody listens on port {settings.port} already. Choose another: "
            "RIHLA_PORT=8081 make run"
        )
    product = prepare(settings)
    loaded = with_demo(product)
    console = Console()
    console.print(
        f"[bold]Rihla رحلة[/] · data in {_shown(settings.data_dir)}"
        f" · {'a new database with demo data' if loaded else 'kept what was there'}"
    )
    _print_logins(console, product)
    product.engine.close()
    console.print(
        f"Open [bold]http://127.0.0.1:{settings.port}[/] in a browser · API below /api/v1 · "
        "Ctrl-C stops everything"
    )
    sys.exit(running.run_together())


@main.command()
def serve() -> None:
    """Run the web server only (the database must be prepared: `rihla demo` or `rihla run`)."""
    _prepared(load_settings()).engine.close()
    os.execv(sys.executable, running.server_command())  # noqa: S606 - no shell is wanted


@main.command()
def scheduler() -> None:
    """Run one scheduler: deadlines, time-outs and messages. Any number may run."""
    settings = load_settings()
    configure_logging(settings.log_level)
    product = _prepared(settings)
    upkeep = commands_operations.upkeep_of(product)
    run_until_signalled(product.engine, settings.scheduler_interval_seconds, more=upkeep.lanes())


@main.command()
def demo() -> None:
    """Prepare the data folder and load the demonstration data into it."""
    settings = load_settings()
    product = prepare(settings)
    done = with_demo(product)
    click.echo("Demonstration data loaded." if done else "There are accounts already: kept.")
    _print_logins(Console(), product)


@main.command()
@click.option(
    "--cases",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=PILOT_CASES,
    help="One row a person; default: the reconstruction of May 2019.",
)
@click.option("--language", type=click.Choice(["ar", "en"]), default="en", help="Of the table.")
def pilot(cases: Path, language: str) -> None:
    """Replay the field test of May 2019 in an empty data folder and print its office table."""
    settings = load_settings()
    if "RIHLA_DATA_DIR" not in os.environ:
        folder = ROOT / "var" / "pilot"
        settings = replace(
            settings, data_dir=folder, database_url=f"sqlite:///{folder / 'rihla.db'}"
        )
    settings = replace(settings, clock="simulated")
    product = prepare(settings, clock_start=PILOT_START)
    if not with_demo(product):
        raise click.ClickException(
            f"{_shown(settings.data_dir)} holds data already. Choose an empty folder: "
            "RIHLA_DATA_DIR=var/another rihla pilot"
        )
    console = Console()
    played = play(product.engine, product.journey, console, cases, language)
    console.print(f"{played.persons} people, {played.steps} steps.")
    console.print(
        f"Serve it: RIHLA_DATA_DIR={_shown(settings.data_dir)} RIHLA_CLOCK=simulated make run"
    )


@main.command()
@FILES
@click.option("--note", default="", help="Why this version is published.")
@click.option("--as", "username", default=None, help="The process owner's user name.")
def deploy(paths: tuple[Path, ...], note: str, username: str | None) -> None:
    """Check files (.bpmn .dmn .form, or folders of them) and publish them as one version."""
    engine = _ready_for_files(load_settings()).engine
    actor = SYSTEM
    if username is not None:
        with engine.database.reading() as tx:
            actor = engine.identity.actor(tx, username)
    deployment = engine.deployments.deploy(actor, read_files(paths), note)
    for warning in deployment.warnings:
        click.echo(_finding_line(warning))
    for kind in (deployment.processes, deployment.decisions, deployment.forms):
        for thing in kind:
            click.echo(f"  {thing.key} version {thing.version}")
    state = "Published" if deployment.created else "Nothing new; already published as"
    click.echo(f"{state} {deployment.id}.")


@main.command()
@FILES
def check(paths: tuple[Path, ...]) -> None:
    """Check files as `deploy` would; stores nothing. Exits with 1 when there are errors."""
    engine = _ready_for_files(load_settings()).engine
    findings = engine.deployments.check(SYSTEM, read_files(paths))
    for finding in findings:
        click.echo(_finding_line(finding))
    errors = sum(finding.severity == "error" for finding in findings)
    click.echo(f"{errors} errors, {len(findings) - errors} warnings.")
    sys.exit(1 if errors else 0)


@main.command()
def rebuild() -> None:
    """Make the journey's tables again from the stored submissions."""
    done = _prepared(load_settings()).journey.rebuild()
    click.echo(
        f"{done.cases} cases read, {done.entries} entries applied, "
        f"{done.erased} erased cases left out."
    )


@main.command("dmn-tck")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def dmn_tck(path: Path) -> None:
    """Run every DMN TCK test file below PATH."""
    report = run_tck(path)
    for failure in report.failures:
        click.echo(failure)
    click.echo(f"passed {report.passed} of {report.total}")
    sys.exit(0 if report.passed == report.total else 1)


@main.group()
def user() -> None:
    """Accounts: list, add, change, retire."""


@user.command("list")
def list_users() -> None:
    """Every account with its roles and units."""
    engine = _prepared(load_settings()).engine
    cursor: str | None = None
    while True:
        page = engine.identity.users.list(SYSTEM, paging=Paging(200, cursor))
        for account in page.items:
            state = "" if account.active else "  (retired)"
            roles, units = ", ".join(sorted(account.roles)), ", ".join(sorted(account.units))
            click.echo(f"{account.username:32} {roles:24} {units}{state}")
        cursor = page.next_cursor
        if cursor is None:
            return


@user.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The person's name, as colleagues read it.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--unit", "units", multiple=True, required=True, help="Such as naf:irbid.")
@click.password_option()
def add_user(
    username: str, name: str, roles: tuple[str, ...], units: tuple[str, ...], password: str
) -> None:
    """Make an account."""
    engine = _prepared(load_settings()).engine
    engine.identity.users.create(
        SYSTEM,
        username,
        name=name,
        password=password,
        roles=[Role(role) for role in roles],
        units=units,
    )
    click.echo(f"{username} can sign in.")


@user.command("password")
@click.argument("username")
@click.password_option()
def set_password(username: str, password: str) -> None:
    """Set a new password and end the account's sessions."""
    engine = _prepared(load_settings()).engine
    engine.identity.users.update(SYSTEM, username, password=password)
    click.echo(f"{username} has a new password; earlier sessions are over.")


@user.command("retire")
@click.argument("username")
def retire_user(username: str) -> None:
    """End an account; its open tasks go back to their group."""
    engine = _prepared(load_settings()).engine
    engine.identity.users.retire(SYSTEM, username)
    click.echo(f"{username} is retired.")


def _prepared(settings: Settings) -> Product:
    """The product over a database that has this release's tables and was made with this master
    key: with another one nothing in it could be read, and due work would fail. Raises
    `EngineError`."""
    product = compose(settings)
    with product.engine.database.transaction() as tx:
        product.engine.keyring.check(tx)
    return product


def _ready_for_files(settings: Settings) -> Product:
    """As `_prepared`; an empty data folder is prepared first, so that files can be checked in a
    fresh checkout. A database of another release is left as it is."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if migrations.current(settings.database_url) is None:
        return prepare(settings)
    return _prepared(settings)


def _print_logins(console: Console, product: Product) -> None:
    """The demo accounts that still have the demo password, one role a line, and that password."""
    password, random = demo_password(product.settings)
    open_to_it = [user for user in demo_users() if _signs_in(product, user.username, password)]
    if not open_to_it:
        return
    console.print("Demo accounts:")
    for role in Role:
        names = [user.username for user in open_to_it if user.role is role]
        if names:
            console.print(f"  {'   '.join(names)}", highlight=False, soft_wrap=True)
    shown = password if random else "as set in RIHLA_DEMO_PASSWORD"
    console.print(f"Their password: [bold]{shown}[/]", highlight=False)


def _signs_in(product: Product, username: str, password: str) -> bool:
    try:
        product.engine.identity.sign_in(username, password)
    except NotSignedIn:
        return False
    return True


def _finding_line(finding: Finding) -> str:
    return f"{finding.severity}: {finding}"


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


for command in commands_operations.COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main()
