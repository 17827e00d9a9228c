"""Published processes: look, edit in the browser, check, publish, upload, download."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
from flask import (
    Blueprint,
    Response,
    g,
    jsonify,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from bpmn import Finding
from engine import access
from engine.access import Verb
from engine.deployment import Deployment
from engine.errors import Conflict, NewerVersion, Refused
from engine.finding_words import worded
from engine.source_files import MAX_FILES, SourceFile
from web import editor_texts, published
from web.context import actor, engine
from web.formats import words
from web.texts import _

blueprint = Blueprint("processes", __name__)

MAX_NOTE = 2000

XML = "application/xml; charset=utf-8"

T = TypeVar("T", bound="Edited")


class Edited(msgspec.Struct):
    """A diagram as the browser's editor has it."""

    key: str
    xml: str


class ToPublish(Edited):
    """An edited diagram on its way out; `base` is the version that was edited."""

    note: str
    base: int
    anyway: bool = False


@blueprint.get("/processes")
def index() -> str:
    """The newest version of every process."""
    return render_template(
        "processes/index.html",
        publications=published.newest(engine(), actor()),
        counts=engine().cases.running(actor()),
        callers=published.callers(engine(), actor()),
        may_publish=_may_publish(),
    )


@blueprint.get("/processes/<key>")
def versions(key: str) -> str:
    """Every version of one process, newest first."""
    found = published.versions(engine(), actor(), key)
    return render_template(
        "processes/versions.html",
        key=key,
        publications=found,
        may_publish=_may_publish(),
    )


@blueprint.get("/processes/<key>/<int(max=2147483647):version>")
def show(key: str, version: int) -> str:
    """One version: its diagram, and the exact files it runs with."""
    drawing = engine().deployments.drawings(actor(), key, version)[0]
    used = engine().deployments.used_by_version(actor(), key, version)
    called = [one for one in used if one.kind == "process"]
    links = {one.key: url_for(".show", key=one.key, version=one.version) for one in called}
    data = {
        "xml": url_for(".bpmn", key=key, version=version),
        "label": _("The diagram of %(name)s", name=words(drawing.name)),
        "links": links,
        "failed": _("The diagram could not be shown. Download it to look at it elsewhere."),
    }
    return render_template(
        "processes/show.html",
        chosen=drawing.version,
        name=words(drawing.name),
        newest=engine().deployments.process(actor(), key).number,
        called=called,
        files=[one for one in used if one.kind != "process"],
        data=data,
        may_publish=_may_publish(),
    )


@blueprint.get("/processes/<key>/<int(max=2147483647):version>.bpmn")
def bpmn(key: str, version: int) -> Response:
    """The diagram as it was published, byte for byte."""
    xml = engine().deployments.xml(actor(), key, version)
    response = Response(xml, content_type=XML)
    response.headers["Content-Disposition"] = f'attachment; filename="{key}.bpmn"'
    return response


@blueprint.get("/processes/files/<sha256>")
def file(sha256: str) -> Response:
    """A published table or form, byte for byte."""
    found = engine().deployments.content(actor(), sha256)
    response = Response(found.content, content_type="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response


@blueprint.get("/processes/<key>/edit")
def edit(key: str) -> str:
    """The editor, over the newest version."""
    access.require(actor(), Verb.DEPLOY)
    newest = engine().deployments.process(actor(), key)
    name = words(engine().deployments.names(actor())[key])
    # The FEEL editor inside the panel writes its style sheet into the page by itself.
    g.csp = {"style-src": "'self' 'unsafe-inline'"}
    data = {
        "key": key,
        "version": newest.number,
        "addresses": {
            "xml": url_for(".bpmn", key=key, version=newest.number),
            "check": url_for(".check"),
            "publish": url_for(".publish"),
        },
        "texts": editor_texts.for_page(name),
    }
    return render_template(
        "processes/edit.html", process=newest, name=name, data=data, max_note=MAX_NOTE
    )


@blueprint.post("/processes/check")
def check() -> AnyResponse:
    """What the checks say about an edited diagram; nothing is stored."""
    edited = _body(Edited)
    findings = engine().deployments.check(actor(), [_source(edited)])
    return jsonify(findings=_finding_bodies(findings))


@blueprint.post("/processes/publish")
def publish() -> AnyResponse:
    """Publish an edited diagram, unless somebody else published since it was opened."""
    wanted = _body(ToPublish)
    base = None if wanted.anyway else {wanted.key: wanted.base}
    try:
        made = engine().deployments.deploy(
            actor(), [_source(wanted)], wanted.note[:MAX_NOTE], base=base
        )
    except NewerVersion as newer:
        newest = engine().deployments.process(actor(), newer.key)
        xml = url_for(".bpmn", key=newest.key, version=newest.number)
        return _json(409, newest={"version": newest.number, "xml": xml})
    except Refused as refused:
        return _json(
            422, message=words(refused.message), findings=_finding_bodies(refused.findings)
        )
    except Conflict as conflict:
        return _json(409, message=words(conflict.message))
    return _json(
        201 if made.created else 200,
        created=made.created,
        processes=_process_bodies(made),
        findings=_finding_bodies(made.warnings),
    )


@blueprint.get("/processes/upload")
def upload() -> str:
    """The form that takes files."""
    access.require(actor(), Verb.DEPLOY)
    return _upload_page()


@blueprint.post("/processes/upload")
def try_upload() -> AnyResponse:
    """Check the files, or publish them with a note."""
    access.require(actor(), Verb.DEPLOY)  # before anything is said about what was sent
    note = request.form.get("note", "").strip()
    files = _uploaded()
    errors: dict[str, list[str]] = {}
    publishing = request.form.get("action") == "publish"
    if not files:
        errors["files"] = [_("Choose at least one file.")]
    if publishing and not note:
        errors["note"] = [_("Write why you publish: others read it later.")]
    if errors:
        return _upload_answer(422, note=note, errors=errors)
    if not publishing:
        findings = engine().deployments.check(actor(), files)
        return _upload_answer(200, note=note, findings=findings, checked=True)
    try:
        made = engine().deployments.deploy(actor(), files, note[:MAX_NOTE])
    except Refused as refused:
        message = words(refused.message)
        return _upload_answer(422, note=note, findings=refused.findings, message=message)
    except Conflict as conflict:
        return _upload_answer(409, note=note, message=words(conflict.message))
    return _upload_answer(201 if made.created else 200, made=made, findings=made.warnings)


def _may_publish() -> bool:
    return access.may(actor(), Verb.DEPLOY)


def _upload_page(**shown: Any) -> str:
    empty: dict[str, Any] = {
        "note": "",
        "errors": {},
        "findings": (),
        "message": "",
        "made": None,
        "published": (),
        "checked": False,
    }
    return render_template(
        "processes/upload.html",
        max_files=MAX_FILES,
        files=published.tables_and_forms(engine(), actor()),
        **empty | shown,
    )


def _upload_answer(status: int, **shown: Any) -> AnyResponse:
    if "findings" in shown:
        shown["findings"] = _finding_bodies(shown["findings"])
    if shown.get("made"):
        shown["published"] = _process_bodies(shown["made"])
    return Response(_upload_page(**shown), status)


def _uploaded() -> list[SourceFile]:
    """The files that were chosen, folders of the sender's machine cut off their names."""
    return [
        SourceFile((one.filename or "").replace("\\", "/").rsplit("/", 1)[-1], one.stream.read())
        for one in request.files.getlist("files")
        if one.filename
    ]


def _source(edited: Edited) -> SourceFile:
    return SourceFile(f"{edited.key}.bpmn", edited.xml.encode())


def _body(shape: type[T]) -> T:
    try:
        return msgspec.json.decode(request.get_data(), type=shape)
    except msgspec.MsgspecError:
        raise BadRequest from None


def _json(status: int, **body: Any) -> AnyResponse:
    response = jsonify(body)
    response.status_code = status
    return response


def _process_bodies(made: Deployment) -> list[dict[str, Any]]:
    names = engine().deployments.names(actor())
    return [
        {
            "key": one.key,
            "name": words(names[one.key]),
            "version": one.version,
            "address": url_for(".show", key=one.key, version=one.version),
        }
        for one in made.processes
    ]


def _finding_bodies(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Errors first, in the reader's words."""
    bodies = []
    for one in sorted(findings, key=lambda one: str(one.severity)):
        message, suggestion = worded(one)
        bodies.append(
            {
                "file": one.file,
                "element": one.element_id,
                "severity": one.severity,
                "message": words(message),
                "suggestion": words(suggestion),
            }
        )
    return bodies
