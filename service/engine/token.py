"""A token: SpiffWorkflow's Task with an integer id that leaves the tree inside its own completion.

The tree is flat: every living token hangs under the root of its workflow, and nothing else is in it.
`internal_data` holds what must survive a save, by short names:

f   flow it came by            s    its own scope                 o   activity that owns this boundary event
mi  body of this item, i index in   facts of its entry are told   g   event-based gateway it races for
due moment it waits for        left, every  rounds and interval   key correlation key it waits for
t   the user task's texts      j    the job's type and retries    x   its incident   sub  what was submitted
n out done items until         a multi-instance body's count, results, finished, collection, early end
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from service.engine.specs.node import Node


class Token(Task):
    """One token. What stands here as a default lives within one move only."""

    submitted: dict[str, Any] | None = None  # what came in, before mappings
    writes: Sequence[tuple[int, dict[str, Any]]] = ()  # per scope to start from: what completion writes
    taken: tuple[Any, ...] = ()  # the flows to take
    result: Any = None  # an item's result, a thrower's catcher, a trigger's payload
    failure: Exception | None = None

    def __init__(
        self,
        workflow: Any,
        task_spec: Any,
        parent: Token | None = None,
        state: int = TaskState.FUTURE,
        id: int | None = None,
    ) -> None:
        # Not Task.__init__: that takes a uuid and the wall clock for every token.
        self.id = workflow.top_workflow.next_id() if id is None else id
        self.workflow = workflow
        self.task_spec = task_spec
        self._parent = None if parent is None else parent.id
        self._children: dict[int, None] = {}
        self._state = state
        self.triggered = False
        self.thread_id = 0
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.last_state_change = 0.0
        workflow.tasks[self.id] = self
        workflow.top_workflow.tokens[self.id] = self
        if parent is not None:
            parent._children[self.id] = None

    def _set_state(self, value: int) -> None:
        self._state = value

    def cancel(self) -> None:
        """It goes, also when it is stuck: SpiffWorkflow takes a token with an incident for one that is over."""
        if self._state == TaskState.ERROR:
            self._state = TaskState.WAITING
        super().cancel()

    def _child_added_notify(self, child: Task) -> None:
        self._children[child.id] = None

    @property
    def alive(self) -> bool:
        return self.id in self.workflow.tasks


def spawn(parent: Token, spec: Node, **internal: Any) -> Token:
    """A new token below `parent`; the caller updates it, or the parent's completion does."""
    token = Token(parent.workflow, spec, parent)
    token.internal_data.update(internal)
    own(token)
    token.workflow.count(token, 1)
    return token


def own(token: Token) -> None:
    """Boundary events belong to their activity, items to their multi-instance body."""
    owner = token.internal_data.get("o") or token.internal_data.get("mi")
    if owner:
        token.workflow.top_workflow.owned.setdefault(owner, {})[token.id] = None


def consume(token: Token) -> None:
    """A finished, merged or cancelled token leaves the tree for good; its children move up to the root."""
    if not token.alive:
        return
    workflow, top = token.workflow, token.workflow.top_workflow
    root = workflow.task_tree
    for child in token._children:
        workflow.tasks[child]._parent = root.id
        root._children[child] = None
    del workflow.tasks[token._parent]._children[token.id], workflow.tasks[token.id]
    del top.tokens[token.id]
    workflow.count(token, -1)
    top.forget(token)
