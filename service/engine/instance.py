"""The running instance: SpiffWorkflow's workflow with scopes, facts and a queue of tokens that can move."""

from __future__ import annotations

from collections import ChainMap, deque
from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.util.event import EventManager
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from service.domain import Fact
from service.engine.expressions import Notes
from service.engine.failure import Failure
from service.engine.parked import Line, Parked
from service.engine.token import Token, own
from service.engine.values import Definition, Host, Thrown, versioned
from service.errors import StateDamaged

STEP_LIMIT = 100_000  # automatic steps in one move; beyond it a loop without a wait is an incident
HANDLER_LIMIT = 100  # living handlers of one non-interrupting event


def _age(token: Token) -> int:
    return int(token.id)


class Events(EventManager):
    """Offers an event to the tokens that wait for it, skipping those that an earlier one took away."""

    def matching(self, event: Any) -> list[Token]:
        found = [token for token in self.tasks.values() if token.task_spec.catches(token, event)]
        return sorted(found, key=_age)

    def catch(self, event: Any, internal: bool = True) -> int:
        caught = 0
        for token in self.matching(event):
            if token.alive and token.state == TaskState.WAITING:
                self.give(token, event)
                caught += 1
        return caught

    @staticmethod
    def give(token: Token, event: Any) -> None:
        token.task_spec.catch(token, event)
        token.task_spec._update(token)


class Living:
    """What the process and every subprocess in it share: a scope and its living tokens."""

    scope: int
    tasks: dict[int, Token]
    task_tree: Token
    spec: Any
    completed: bool
    top_workflow: Any
    triggers: int
    joins: dict[int, None]
    home: int  # the token that it runs on; 0 for the process
    version: str = ""  # of a called process that came with another deployment

    def count(self, token: Token, step: int) -> None:
        if token.task_spec.is_trigger:
            self.triggers += step

    def grow(self, spec: Any, state: int, id: int | None = None) -> None:
        self.triggers = 0
        self.joins = {}
        self.task_tree = Token(self, spec.start, None, state, id)

    @property
    def empty(self) -> bool:
        """Nothing lives here but subscriptions of event subprocesses."""
        parked = self.top_workflow.parked.workflows.get(self.home, 0)
        return bool(len(self.tasks) - 1 - self.triggers + parked == 0)

    def living(self) -> list[Token]:
        """The living tokens, the oldest first."""
        if self.top_workflow.parked.workflows.get(self.home):
            self.top_workflow.unpark()
        return sorted((t for t in self.tasks.values() if t is not self.task_tree), key=_age)

    def _task_completed_notify(self, token: Token) -> None:
        """Ask the waiting inclusive joins again; end when nothing lives any more."""
        if self.completed:
            return
        for waiting in list(self.joins):
            join = self.tasks.get(waiting)
            if join is not None:
                join.task_spec._update(join)
        if self.empty:
            self.finish()

    def finish(self) -> None:
        """The last token is gone: what remains are subscriptions, and these end too."""
        if self.completed:
            return
        self.completed = True
        for token in self.living():
            token.cancel()
        self.report()

    def report(self) -> None:
        raise NotImplementedError


class Instance(Living, BpmnWorkflow):
    """One process instance within one move."""

    def __init__(self, definition: Definition, spec: Any, host: Host) -> None:
        self.host = host
        self.calls = definition.calls
        self.now = host.clock.now()
        self.home = 0
        self.scopes: dict[int, list[Any]] = {}
        self.tokens: dict[int, Token] = {}
        self.owned: dict[int, dict[int, None]] = {}
        self.parked = Parked()
        self.queue: deque[Token] = deque()
        self.facts: list[Fact] = []
        self.thrown: list[Thrown] = []
        self.sequence = 0
        self.steps = 0
        self.ended: str | None = None
        self.held = False
        self.outcome = ""
        self.entry = ""  # the start event by which this instance begins
        super().__init__(spec, subprocess_specs=definition.specs, script_engine=self, deserializing=True)
        self.event_manager = Events(self)

    # identity and the index of tokens

    def next_id(self) -> int:
        self.sequence += 1
        return self.sequence

    def get_task_from_id(self, task_id: int) -> Token | None:
        """A token by its id; an item that was kept as text becomes a token again."""
        found = self.tokens.get(task_id)
        if found is None and (line := self.parked.take(task_id)) is not None:
            found = self._unpark(line)
        return found

    def belongings(self, owner: Token) -> list[Token]:
        """The boundary events of an activity, the items of a body; the oldest first."""
        if owner.id in self.parked.bodies:
            self.unpark()
        return sorted((self.tokens[one] for one in self.owned.get(owner.id, ())), key=_age)

    def unpark(self) -> None:
        """Every item that was kept as text becomes a token again."""
        for line in self.parked.take_all():
            self._unpark(line)

    def _unpark(self, line: Line) -> Token:
        id, home, _, name, internal, parent, values = line
        workflow: Living = self.subprocesses[home] if home else self
        if name not in workflow.spec.task_specs:
            raise StateDamaged(
                f"Expected items of elements of {self.spec.process_id}, but one is of {name!r}"
            )
        token = Token(workflow, workflow.spec.task_specs[name], workflow.task_tree, TaskState.READY, id)
        token.internal_data = internal
        self.scopes[internal["s"]] = [parent, values]
        own(token)
        return token

    def park(self) -> None:
        """Keep the items that only wait for somebody to complete them as text."""
        items = [token for token in self.tokens.values() if self._parks(token)]
        self.parked.add([self._line(token) for token in sorted(items, key=_age)])
        for token in items:
            del (
                token.workflow.tasks[token.id],
                self.tokens[token.id],
                token.workflow.task_tree._children[token.id],
            )
            del self.owned[token.internal_data["mi"]][token.id]

    def _parks(self, token: Token) -> bool:
        body = self.tokens.get(token.internal_data.get("mi", 0))
        return (
            body is not None
            and token.state == TaskState.READY
            and bool(token.task_spec.manual)
            and not self.owned.get(token.id)
        )

    def _line(self, token: Token) -> Line:
        internal = token.internal_data
        parent, values = self.scopes.pop(internal["s"])
        return [token.id, token.workflow.home, internal["mi"], token.task_spec.name, internal, parent, values]

    def forget(self, token: Token) -> None:
        """Everything that belonged to a token goes with it."""
        self.event_manager.remove_task(token)
        token.workflow.joins.pop(token.id, None)
        self.scopes.pop(token.internal_data.get("s", 0), None)
        owner = token.internal_data.get("o") or token.internal_data.get("mi")
        if owner in self.owned:
            self.owned[owner].pop(token.id, None)
        self.owned.pop(token.id, None)
        sub = self.subprocesses.pop(token.id, None)
        if sub is not None:
            self.scopes.pop(sub.scope, None)
            del self.tokens[sub.task_tree.id]

    # facts

    def tell(self, kind: str, token: Token | None, element: str = "", /, **data: Any) -> None:
        if token is not None:
            element = element or token.task_spec.element.id
            process = token.workflow.spec.process_id
            if process != self.spec.process_id:
                data["process"] = process
            if token.workflow.version:
                data["version"] = token.workflow.version
        self.facts.append(Fact(kind=kind, element=element, data=data))

    def note(self, token: Token, notes: Notes) -> None:
        """A variable became null with a reason: no incident, but a fact that an owner can find."""
        for target, reasons in notes:
            self.tell("expression:warned", token, token=token.id, variable=target, reasons=list(reasons))

    # scopes: id -> [parent, values]

    def new_scope(self, parent: int | None, values: Mapping[str, Any] | None = None) -> int:
        scope = self.next_id()
        self.scopes[scope] = [parent, dict(values or {})]
        return scope

    def scope_of(self, token: Token) -> int:
        return int(token.internal_data.get("s") or token.workflow.scope)

    def visible(self, scope: int | None) -> ChainMap[str, Any]:
        maps: list[dict[str, Any]] = []
        while scope is not None:
            scope, values = self.scopes[scope]
            maps.append(values)
        return ChainMap(*maps)

    def propagate(self, scope: int, values: Mapping[str, Any]) -> None:
        """Each value goes to the nearest scope that knows its name, else to the outermost one."""
        for name, value in values.items():
            here = scope
            while name not in self.scopes[here][1] and self.scopes[here][0] is not None:
                here = self.scopes[here][0]
            self.scopes[here][1][name] = value

    # the loop

    def _do_engine_steps(self, will_complete_task: Any = None, did_complete_task: Any = None) -> bool:
        """Run what can move, in the order in which it became ready."""
        moved = False
        while self.queue:
            token = self.queue.popleft()
            if not token.alive or token.state != TaskState.READY:
                continue
            moved = True
            self.steps += 1
            if self.steps > STEP_LIMIT:
                token.failure = Failure(
                    "EXECUTION_LIMIT", f"Meer dan {STEP_LIMIT} stappen zonder wachten: een eindeloze lus"
                )
                token.error()
                continue
            token.run()
        return moved

    def refresh_timers(self) -> None:
        """Timers fire in `wake` alone, by the injected clock; a step never fires one by itself."""

    def create_subprocess(
        self, token: Token, spec_name: str, scope: int | None = None, version: str | None = None
    ) -> Sub:
        """Run a subprocess of the token's own version, or a called process of another one."""
        version = token.workflow.version if version is None else version
        sub = Sub(self.subprocess_specs[versioned(spec_name, version)], token.id, self)
        sub.version = version
        sub.scope = self.new_scope(self.scope_of(token)) if scope is None else scope
        sub.grow(sub.spec, TaskState.READY)
        self.subprocesses[token.id] = sub
        return sub

    def report(self) -> None:
        self.ended = "COMPLETED"
        self.tell("instance:completed", None, self.spec.process_id)


class Sub(Living, BpmnSubWorkflow):
    """A subprocess, called process or event subprocess that is running on one token."""

    def __init__(self, spec: Any, parent_task_id: int, top_workflow: Instance) -> None:
        super().__init__(spec, parent_task_id, top_workflow, deserializing=True)
        self.home = parent_task_id

    @property
    def owner(self) -> Token:
        return self.top_workflow.tokens[self.parent_task_id]  # type: ignore[no-any-return]  # untyped base

    def report(self) -> None:
        self.owner.task_spec.sub_completed(self.owner)
