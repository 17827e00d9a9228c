"""Publishing diagrams, tables and forms."""

from __future__ import annotations

from typing import Any

from api.blueprint import Blueprint
from api.context import actor, engine, idempotency
from api.errors import finding_body
from api.schemas import processes as schemas
from api.uploads import BODY, read_upload, upload_body

blueprint = Blueprint("deployments", __name__, description="Publishing what owners edited.")


@blueprint.operation(
    "POST",
    "/deployments",
    returns=schemas.DeploymentAnswer,
    status=201,
    also=(200,),
    problems=(400, 403, 413, 415, 422),
    idempotent=True,
    doc={"requestBody": BODY},
)
def deploy() -> Any:
    """Check a set of files and store it as one version.

    Files equal to the newest version make nothing and answer 200.
    """
    files, note = read_upload()
    key = idempotency(body=upload_body(files, note))
    deployment = engine().deployments.deploy(actor(), files, note, idempotency=key)
    return deployment, 201 if deployment.created else 200


@blueprint.operation(
    "POST",
    "/deployments/check",
    returns=schemas.Findings,
    problems=(400, 403, 413, 415, 422),
    doc={"requestBody": BODY},
)
def check_deployment() -> Any:
    """Check a set of files; nothing is stored."""
    files, _note = read_upload()
    findings = engine().deployments.check(actor(), files)
    return {"findings": [finding_body(finding) for finding in findings]}
