"""Deployments and process definitions."""

from __future__ import annotations

from api.fields import Answer, Integer, Many, Moment, Part, Text
from api.problems import FindingAnswer


class DeployedProcess(Answer):
    """A process version that a deployment made."""

    key = Text()
    version = Integer()


class DeployedFile(Answer):
    """A decision or form that a deployment stored."""

    id = Text()
    sha256 = Text()


class DeploymentAnswer(Answer):
    """What a deployment stored, new versions of dependent processes included."""

    id = Text()
    processes = Many(Part(DeployedProcess))
    decisions = Many(Text())
    forms = Many(Text())
    warnings = Many(Part(FindingAnswer))


class Findings(Answer):
    """What the checks have to say; empty: the files may be deployed."""

    findings = Many(Part(FindingAnswer))


class ProcessAnswer(Answer):
    """One version of a process."""

    key = Text()
    version = Integer()
    name = Text()
    sha256 = Text()
    starter_groups = Many(Text())
    deployed_at = Moment()
