from typing import Any

class TaskState:
    WAITING: int
    READY: int
    STARTED: int
    COMPLETED: int
    CANCELLED: int
    FUTURE: int
    FINISHED_MASK: int

class Task:
    id: str
    workflow: Any
    task_spec: Any
    internal_data: dict[str, Any]
    data: dict[str, Any]
    last_state_change: float
    _state: int
    def __init__(
        self,
        workflow: Any,
        task_spec: Any,
        parent: None,
        state: int,
        id: str,  # noqa: A002 - named by the library
    ) -> None: ...
    @property
    def state(self) -> int: ...
    def has_state(self, state: int) -> bool: ...
    def run(self) -> bool | None: ...
    def complete(self) -> None: ...
    def cancel(self) -> None: ...
    def _set_state(self, value: int) -> None: ...
    def _ready(self) -> None: ...

class BpmnTaskSpec:
    name: str
    manual: bool
    _wf_spec: Any
    def __init__(self, wf_spec: Any, name: str, *, lane: str | None = ...) -> None: ...
    def connect(self, taskspec: BpmnTaskSpec) -> None: ...
    def test(self) -> None: ...
    def _update(self, my_task: Any) -> None: ...
    def _update_hook(self, my_task: Any) -> bool: ...
    def _on_ready(self, my_task: Any) -> None: ...
    def _run(self, my_task: Any) -> bool | None: ...
    def _run_hook(self, my_task: Any) -> bool | None: ...
    def _on_complete(self, my_task: Any) -> None: ...
    def _on_cancel(self, my_task: Any) -> None: ...
    def _predict(self, my_task: Any, *args: Any, **kwargs: Any) -> None: ...

class BpmnProcessSpec:
    name: str
    task_specs: dict[str, Any]
    def __init__(self, name: str) -> None: ...

class BpmnWorkflow:
    spec: Any
    tasks: dict[str, Any]
    completed: bool
    subprocesses: dict[str, Any]
    subprocess_specs: Any
    def __init__(
        self, spec: Any, subprocess_specs: Any, script_engine: Any, *, deserializing: bool
    ) -> None: ...

class BpmnSubWorkflow:
    spec: Any
    tasks: dict[str, Any]
    completed: bool
    top_workflow: Any
    parent_task_id: str
    depth: int
    def __init__(
        self, spec: Any, parent_task_id: str, top_workflow: Any, *, deserializing: bool
    ) -> None: ...
