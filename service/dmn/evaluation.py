"""Evaluates decisions: what they require first, then their own logic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from service import feel
from service.clock import Clock
from service.dmn import boxed
from service.dmn.frames import AskedTable, Frame, MatchedRule, Session, phrased
from service.dmn.library import Library, library, types_of
from service.dmn.model import Decision, Input, Model, Parameter, Service
from service.dmn.reader import read
from service.errors import NotFound
from service.feel.running import FeelFunction, Run, Scope
from service.feel.values import Budget, OutOfBudget, weigh


@dataclass(frozen=True, kw_only=True)
class DecisionResult:
    """The outcome of a decision."""

    value: Any
    matched_rules: tuple[MatchedRule, ...]
    warnings: tuple[feel.Warning_, ...]
    asked: tuple[AskedTable, ...] = ()  # every table that was asked, in that order


def evaluate(
    xml: bytes,
    decision_id: str,
    context: Mapping[str, Any],
    *,
    imports: Sequence[bytes] = (),
    clock: Clock | None = None,
    functions: Mapping[str, Callable[..., Any]] | None = None,
) -> DecisionResult:
    """Evaluate one decision, decision service or knowledge model with input data from `context`.

    decision_id  its id, or its name when no id is like that
    imports      further models, for those that this one imports by namespace
    Raises NotFound for an unknown id, DiagramRejected for a file that cannot be read; whatever else goes wrong is
    null, with the reason in `warnings`.
    """
    model = read(xml)
    warnings: list[feel.Warning_] = []
    run = Run(clock, functions or {}, warnings)
    session = Session(run, phrased([*context, *run.functions]), warnings)
    world = _World(session, library(model, imports), Scope(run, context))
    element = _wanted(model, decision_id)
    try:
        value = world.invoked(model, element)
        weigh(value, Budget().spend)
    except ArithmeticError:
        value = None
        run.null(0, "the decision goes beyond what can be counted")
    except (OutOfBudget, RecursionError, MemoryError) as error:
        value = None
        run.null(0, str(error) if isinstance(error, OutOfBudget) else "the decision nests too deeply")
    return DecisionResult(
        value=value,
        matched_rules=tuple(session.matched),
        warnings=tuple(warnings),
        asked=tuple(session.asked),
    )


def _wanted(model: Model, wanted: str) -> Decision | Service:
    groups: tuple[Mapping[str, Decision | Service], ...] = (model.decisions, model.services, model.knowledge)
    for group in groups:
        if wanted in group:
            return group[wanted]
    for group in groups:
        for one in group.values():
            if wanted in {one.name, getattr(one, "title", "")}:
                return one
    raise NotFound(f"Expected a decision {wanted!r} in the model")


def plain(value: Any) -> Any:
    """A value of the caller with FEEL numbers and lists all the way down."""
    if isinstance(value, bool | str | Decimal) or value is None:
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value)) if value - value == 0 else None
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


_Key = tuple[Model, str]


@dataclass
class _World:
    """Values of one evaluation; a decision service opens a world of its own, with its arguments given."""

    session: Session
    library: Library
    given: Scope  # what the caller gave
    known: dict[_Key, Any] = field(default_factory=dict)

    def frame(self, model: Model, where: str, scope: Scope) -> Frame:
        types = types_of(self.library, model)
        return Frame(self.session, scope, self.library.phrases(model) | self.session.phrases, types, where)

    # -- what is asked from outside -----------------------------------------------------------------------------------

    def invoked(self, model: Model, element: Decision | Service) -> Any:
        """The value of a decision, or of a service or knowledge model called with the context as its arguments."""
        if isinstance(element, Service):
            arguments = {}
            for one in element.parameters:
                found = self.library.find(one, model)
                if found is not None:
                    arguments[(found[0], one.id)] = self._argument(model, found[0], found[1])
            return self.served(model, element, arguments)
        if element.id in model.decisions:
            return self.decided(model, element)
        function = self.knowledge(model, element)
        given = [plain(self.given.values.get(name)) for name in function.parameters if name]
        return function.call(self.given, *given)

    def _argument(self, home: Model, model: Model, element: Any) -> Any:
        frame = self.frame(model, element.id, self.given)
        return frame.coerced(element.type, plain(self._from_caller(home, model, element.name)), element.name)

    def _from_caller(self, home: Model, model: Model, name: str) -> Any:
        """An input of the context: flat, or under the name of the import it comes from."""
        for one in home.imports:
            inside = self.given.values.get(one.name) if one.namespace == model.namespace else None
            if isinstance(inside, Mapping) and name in inside:
                return inside[name]
        return self.given.values.get(name)

    # -- the graph ----------------------------------------------------------------------------------------------------

    def decided(self, model: Model, decision: Decision) -> Any:
        """The value of a decision, evaluated once."""
        key = (model, decision.id)
        if key not in self.known:
            self.known[key] = None  # a circle of requirements ends here
            frame = self._with_requirements(model, decision, self.given)
            value = boxed.evaluate(frame, decision.logic)
            self.known[key] = frame.coerced(decision.type, value, decision.name)
        return self.known[key]

    def _with_requirements(self, model: Model, decision: Decision, outer: Scope) -> Frame:
        local: dict[str, Any] = {}
        for reference in decision.references:
            found = self.library.find(reference, model)
            if found is None:
                self.session.warn(decision.id, f"there is no {reference.id} in the model")
                continue
            home, element = found
            value = self._required(model, home, element)
            alias = next((one.name for one in model.imports if one.namespace == home.namespace), "")
            place = local.setdefault(alias, {}) if home is not model and alias else local
            place[element.name] = value
        names = {name for value in local.values() if isinstance(value, dict) for name in value}
        frame = self.frame(model, decision.id, outer).inner(local)
        more = phrased(names) - frame.names
        return (
            Frame(frame.session, frame.scope, frame.names | more, frame.types, frame.where) if more else frame
        )

    def _required(self, home: Model, model: Model, element: Any) -> Any:
        if (model, element.id) in self.known:
            return self.known[(model, element.id)]
        if isinstance(element, Input):
            value = self.known[(model, element.id)] = self._argument(home, model, element)
            return value
        if isinstance(element, Service):
            return self._service(model, element)
        if element.id in model.decisions:
            return self.decided(model, element)
        return self.knowledge(model, element)

    def knowledge(self, model: Model, element: Decision) -> FeelFunction:
        """A business knowledge model as a function; it knows its parameters, its requirements, and itself."""
        logic = element.logic
        nothing = Scope(self.session.run, {})

        frames: list[Frame] = []  # made at the first call: models may need each other

        def call(values: Mapping[str, Any]) -> Any:
            if not frames:
                frames.append(self._with_requirements(model, element, nothing).inner({element.name: made}))
            value = boxed.evaluate(frames[0].inner(values), logic.body if logic else None)
            return frames[0].coerced(_result_type(frames[0], element), value, element.name)

        def unknown(_scope: Scope, *_values: Any) -> Any:
            self.session.warn(element.id, logic.text if logic else "it has no logic")

        if logic is None or logic.kind != "function":
            made = FeelFunction(("",), unknown)
        else:
            made = boxed.function(logic.parameters, call, self.frame(model, element.id, nothing))
        self.known[(model, element.id)] = made
        return made

    # -- decision services --------------------------------------------------------------------------------------------

    def _service(self, model: Model, service: Service) -> FeelFunction:
        found = [self.library.find(one, model) for one in service.parameters]
        places = [(home, element) for home, element in filter(None, found)]
        parameters = tuple(Parameter(name=one.name, type=one.type) for _, one in places)

        def call(values: Mapping[str, Any]) -> Any:
            return self.served(model, service, {(m, one.id): values[one.name] for m, one in places})

        return boxed.function(parameters, call, self.frame(model, service.id, self.given))

    def served(self, model: Model, service: Service, arguments: Mapping[_Key, Any]) -> Any:
        """The outcome of a service: of its one output decision, or of all of them by name."""
        inner = _World(self.session, self.library, self.given, dict(arguments))
        found = [self.library.find(one, model) for one in service.outputs]
        values = {
            element.name: inner.decided(home, element)
            for home, element in filter(None, found)
            if isinstance(element, Decision)
        }
        value = next(iter(values.values())) if len(values) == 1 else values
        return self.frame(model, service.id, self.given).coerced(service.type, value, service.name)


def _result_type(frame: Frame, element: Decision) -> str:
    """The declared result of a knowledge model: of its function type, of its variable or of its logic."""
    item = frame.types.items.get(element.type)
    if item is not None and item.result is not None:
        return item.result
    declared = element.type or (element.logic.type if element.logic else "")
    return "" if declared.startswith("function<") else declared
