"""Outside systems, one module each, behind `engine.ports.Connector`; none is switched on yet.

A service task names a connector by its `zeebe:taskDefinition` type. Deployment refuses a type
that no connector registers, so a diagram can never wait for a system that nobody connected.
"""

from __future__ import annotations

from engine.ports import Connector


def registered() -> tuple[Connector, ...]:
    """The connectors of this installation."""
    return ()
