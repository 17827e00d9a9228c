"""The one place that imports SpiffWorkflow (pinned to 3.2.0); `spiff.pyi` types what is used.

Used are its task states, its task and specification life cycle and its workflow containers. Not
used are its parser, its serializer, its DMN and its Python script engine: no text of a file ever
reaches them.
"""

from __future__ import annotations

import logging

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

__all__ = [
    "BpmnProcessSpec",
    "BpmnSubWorkflow",
    "BpmnTaskSpec",
    "BpmnWorkflow",
    "Task",
    "TaskState",
]

# Below WARNING the library walks a whole workflow for every log record.
for _name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data", "spiff.dmn"):
    logging.getLogger(_name).setLevel(logging.WARNING)
