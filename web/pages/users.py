"""Accounts: who may sign in, as what and where; new passwords; who stands in for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine import access
from engine.access import Verb
from engine.errors import AlreadyExists, Conflict, Invalid
from engine.records import Role
from engine.users import User
from web.context import actor, engine, journey
from web.formats import words
from web.texts import _
from web.user_form import (
    PURPOSES,
    PostedUser,
    first_password,
    fitting_units,
    posted_of,
    read_user,
)
from web.user_list import find_users

blueprint = Blueprint("users", __name__)


@blueprint.get("/users")
def index() -> str:
    """The accounts, narrowed down by role, place, and whether they are retired."""
    access.require(actor(), Verb.USERS_MANAGE)
    places = journey().units.list(actor())
    unit = request.args.get("unit", "")
    role = request.args.get("role", "")
    wanted = {
        "unit": unit if unit in {one.code for one in places} else None,
        "role": role if role in set(PURPOSES) else None,
        "retired": "1" if request.args.get("retired") == "1" else None,
    }
    page = find_users(
        engine(),
        actor(),
        wanted["unit"],
        Role(wanted["role"]) if wanted["role"] else None,
        wanted["retired"] is None,
        request.args.get("cursor"),
    )
    return render_template(
        "users/index.html",
        users=page.items,
        next_cursor=page.next_cursor,
        wanted=wanted,
        places=places,
        roles=list(PURPOSES),
    )


@blueprint.get("/users/new")
def new() -> AnyResponse:
    """First the role, then the rest: the places offered are those that fit the role."""
    access.require(actor(), Verb.USERS_MANAGE)
    role = request.args.get("role", "")
    if role not in set(PURPOSES):
        return make_response(render_template("users/role.html", purposes=PURPOSES))
    roles = frozenset({Role(role)})
    offered = fitting_units(roles)
    units = (offered[0].code,) if len(offered) == 1 else ()
    return _form(PostedUser("", "", roles, units, "ar"), None)


@blueprint.post("/users/new")
def create() -> AnyResponse:
    """Make the account; its first password is shown this once."""
    access.require(actor(), Verb.USERS_MANAGE)
    posted = read_user(request.form)
    if posted.errors:
        return _form(posted, None, posted.errors, 422)
    password = first_password()
    try:
        user = engine().identity.users.create(
            actor(),
            posted.username,
            name=posted.name,
            password=password,
            roles=posted.roles,
            units=posted.units,
            language=posted.language,
        )
    except AlreadyExists as error:
        return _form(posted, None, {"username": [words(error.message)]}, 409)
    except Invalid as error:
        return _form(posted, None, _field_errors(error), 422)
    return make_response(
        render_template("users/password.html", user=user, password=password, is_new=True), 201
    )


@blueprint.get("/users/<username>")
def show(username: str) -> str:
    """One account and what can be done with it."""
    access.require(actor(), Verb.USERS_MANAGE)
    user = engine().identity.users.get(actor(), username)
    return render_template(
        "users/show.html",
        user=user,
        is_self=username == actor().username,
        takes_substitutes=_takes_substitutes(user),
        standing=engine().identity.users.substitutes(actor(), username),
    )


@blueprint.get("/users/<username>/edit")
def edit(username: str) -> AnyResponse:
    """The form filled in with what the account holds."""
    access.require(actor(), Verb.USERS_MANAGE)
    user = engine().identity.users.get(actor(), username)
    return _form(posted_of(user), user)


@blueprint.post("/users/<username>/edit")
def change(username: str) -> AnyResponse:
    """Change name, roles, places and language."""
    access.require(actor(), Verb.USERS_MANAGE)
    user = engine().identity.users.get(actor(), username)
    posted = read_user(request.form)
    if posted.errors:
        return _form(posted, user, posted.errors, 422)
    try:
        engine().identity.users.update(
            actor(),
            username,
            name=posted.name,
            roles=posted.roles,
            units=posted.units,
            language=posted.language,
        )
    except Conflict as error:
        return _form(posted, user, {"roles": [words(error.message)]}, 409)
    except Invalid as error:
        return _form(posted, user, _field_errors(error), 422)
    flash(_("The account is saved."), "ok")
    return redirect(url_for("users.show", username=username), 303)


@blueprint.post("/users/<username>/password")
def reset_password(username: str) -> str:
    """A new random password, shown this once; every session of the account ends."""
    password = first_password()
    user = engine().identity.users.update(actor(), username, password=password)
    return render_template("users/password.html", user=user, password=password, is_new=False)


@blueprint.post("/users/<username>/retire")
def retire(username: str) -> AnyResponse:
    """Nobody signs in with it any more; open tasks go back to their group."""
    engine().identity.users.retire(actor(), username)
    flash(_("The account is retired. Its open tasks are free for colleagues."), "ok")
    return redirect(url_for("users.show", username=username), 303)


@blueprint.post("/users/<username>/restore")
def restore(username: str) -> AnyResponse:
    """Let a retired account sign in again."""
    engine().identity.users.update(actor(), username, active=True)
    flash(_("The account can be used again."), "ok")
    return redirect(url_for("users.show", username=username), 303)


def _form(
    posted: PostedUser,
    user: User | None,
    errors: Mapping[str, Sequence[str]] | None = None,
    status: int = 200,
) -> AnyResponse:
    held = sorted(user.units) if user is not None else []
    page = render_template(
        "users/form.html",
        posted=posted,
        user=user,
        errors=errors or {},
        purposes=PURPOSES,
        offered=fitting_units(posted.roles, held),
    )
    return make_response(page, status)


def _takes_substitutes(user: User) -> bool:
    """Whether an account has tasks that somebody else could do meanwhile."""
    return user.active and any(Verb.TASK_WORK in access.GRANTS[role] for role in user.roles)


def _field_errors(error: Invalid) -> dict[str, list[str]]:
    return {name: [words(text) for text in texts] for name, texts in error.errors.items()}
