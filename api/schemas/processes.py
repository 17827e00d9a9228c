"""Deployments and process definitions."""

from __future__ import annotations

from api.fields import Integer, Many, Moment, Part, Text
from api.problems import FindingAnswer
from api.shapes import Answer


class Deployed(Answer):
    """A process, decision or form at the version that is now its newest."""

    key = Text()
    version = Integer()
    name = Text()


class DeploymentAnswer(Answer):
    """What a deployment stored, new versions of dependent processes included."""

    id = Text()
    processes = Many(Part(Deployed))
    decisions = Many(Part(Deployed))
    forms = Many(Part(Deployed))
    warnings = Many(Part(FindingAnswer))


class Findings(Answer):
    """What the checks have to say; empty: the files may be deployed."""

    findings = Many(Part(FindingAnswer))


class ProcessAnswer(Answer):
    """One version of a process."""

    key = Text()
    version = Integer(attribute="number")
    name = Text()
    sha256 = Text()
    starter_groups = Many(Text())
    deployed_at = Moment()
