"""Documents of a case that somebody takes back, with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine.attachments import Attachment
from engine.errors import Forbidden, Invalid, NotFound
from engine.wording import Text
from web.context import actor, engine
from web.formats import words
from web.repeated import repeat_key
from web.texts import _

blueprint = Blueprint("documents", __name__)

PATH = "/cases/<instance_id>/documents/<attachment_id>/withdraw"


@blueprint.get(PATH)
def ask_withdraw(instance_id: str, attachment_id: str) -> AnyResponse:
    """Why the document is taken back."""
    return _ask(instance_id, attachment_id)


@blueprint.post(PATH)
def withdraw(instance_id: str, attachment_id: str) -> AnyResponse:
    """Take back a document that the reader added."""
    reason = request.form.get("reason", "")
    scope = f"documents/{attachment_id}/withdraw"
    key = repeat_key(engine().keyring, actor(), scope, request.form)
    try:
        taken = engine().attachments.withdraw(actor(), attachment_id, reason, idempotency=key)
    except Invalid as error:
        found = {name: [words(text) for text in texts] for name, texts in error.errors.items()}
        return _ask(instance_id, attachment_id, 422, found, reason)
    flash(_("The document is taken back. Its content is deleted for good."), "ok")
    there = url_for("cases.show", instance_id=taken.instance_id, _anchor="documents")
    return redirect(there, 303)


def _ask(
    instance_id: str,
    attachment_id: str,
    status: int = 200,
    errors: Mapping[str, Sequence[str]] | None = None,
    reason: str = "",
) -> AnyResponse:
    page = render_template(
        "cases/withdraw.html",
        instance_id=instance_id,
        document=_own(instance_id, attachment_id),
        errors=errors or {},
        reason=reason,
    )
    return make_response(page, status)


def _own(instance_id: str, attachment_id: str) -> Attachment:
    """The document, for who added it."""
    listed = engine().attachments.list(actor(), instance_id)
    found = next((one for one in listed if one.id == attachment_id), None)
    if found is None:
        raise NotFound(Text("لا توجد هذه الوثيقة.", "There is no such document."))
    if found.author != actor().username:
        raise Forbidden(
            Text("لا يسحب الوثيقة إلا من أضافها.", "Only who added a document can take it back.")
        )
    return found
