"""A call keeps the version that it started, whatever is deployed meanwhile; which one it starts is in the diagram."""

from __future__ import annotations

import pytest

from service import engine
from service.engine import Apart, Definition, Step
from service.errors import BadRequest, StateDamaged
from tests.engine.diagrams import Player, bpmn, chain, end, many, node, start, user


def calling(process_id: str = "kind", binding: str = "", inside: str = "", id: str = "proces") -> bytes:
    zeebe = f'<zeebe:calledElement processId="{process_id}" {binding}/>'
    body = start() + node("callActivity", "c", inside, zeebe=zeebe) + end() + chain("s", "c", "e")
    return bpmn(body, process_id=id)


def child(*tasks: str, tag: str = "", id: str = "kind") -> Definition:
    """A called process that asks these tasks one after the other."""
    ids = ("cs", *tasks, "ce")
    extension = f'<extensionElements><zeebe:versionTag value="{tag}"/></extensionElements>' if tag else ""
    body = extension + start("cs") + "".join(map(user, tasks)) + end("ce") + chain(*ids)
    return engine.read(bpmn(body, process_id=id))


def tasks(step: Step) -> list[str]:
    return [task.element for task in step.open_tasks]


ONE, TWO = child("a", "b"), child("x", "y")


def test_a_call_means_the_newest_version_and_keeps_it() -> None:
    first = engine.extend(engine.read(calling()), [Apart(version="1", definition=ONE, newest=True)])
    p = Player(first)
    assert tasks(p.step) == ["a"]
    assert engine.versions(p.step.state) == {"1"}
    later = engine.extend(
        engine.read(calling()),
        [Apart(version="1", definition=ONE), Apart(version="2", definition=TWO, newest=True)],
    )
    assert tasks(Player(later).step) == ["x"]
    p.definition = later
    p.complete("a")
    assert tasks(p.step) == ["b"]
    p.complete("b")
    assert p.step.ended == "COMPLETED"
    assert engine.versions(p.step.state) == set()


def test_facts_of_a_called_process_name_its_version() -> None:
    p = Player(engine.extend(engine.read(calling()), [Apart(version="1", definition=ONE, newest=True)]))
    created = next(fact for fact in p.step.facts if fact.kind == "task:created")
    assert (created.data["process"], created.data["version"]) == ("kind", "1")


def test_bound_to_its_deployment_a_call_means_the_process_beside_it() -> None:
    beside = {"kind": ONE}
    for binding, wanted in (("", "x"), ('bindingType="deployment"', "a"), ('bindingType="latest"', "x")):
        definition = engine.read(calling(binding=binding), called=beside)
        definition = engine.extend(definition, [Apart(version="2", definition=TWO, newest=True)])
        assert tasks(Player(definition).step) == [wanted]


def test_bound_to_a_version_tag_a_call_means_the_version_that_has_it() -> None:
    binding = 'bindingType="versionTag" versionTag="v1"'
    definition = engine.extend(
        engine.read(calling(binding=binding)),
        [
            Apart(version="1", definition=child("a", tag="v1")),
            Apart(version="2", definition=child("x", tag="v2"), newest=True),
        ],
    )
    assert tasks(Player(definition).step) == ["a"]
    missing = engine.extend(engine.read(calling(binding=binding)), [Apart(version="2", definition=TWO)])
    (incident,) = Player(missing).step.incidents
    assert incident.error_type == "CALLED_ELEMENT_ERROR"
    assert "v1" in incident.message
    beside = engine.read(calling(binding=binding), called={"kind": child("z", tag="v1")})
    assert tasks(Player(beside).step) == ["z"]


def test_a_called_process_calls_what_came_with_it() -> None:
    grandchild = child("k", id="kleinkind")
    middle = engine.read(
        calling("kleinkind", 'bindingType="deployment"', id="kind"), called={"kleinkind": grandchild}
    )
    definition = engine.extend(
        engine.read(calling()),
        [
            Apart(version="7", definition=middle, newest=True),
            Apart(version="8", definition=child("other", id="kleinkind"), newest=True),
        ],
    )
    p = Player(definition)
    assert tasks(p.step) == ["k"]
    assert engine.versions(p.step.state) == {"7"}
    p.complete("k")
    assert p.step.ended == "COMPLETED"


def test_items_that_call_keep_their_version_each() -> None:
    body = calling(inside=many("=[1,2]", "n", sequential=True))
    p = Player(engine.extend(engine.read(body), [Apart(version="1", definition=ONE, newest=True)]))
    p.definition = engine.extend(
        engine.read(body),
        [Apart(version="1", definition=ONE), Apart(version="2", definition=TWO, newest=True)],
    )
    p.complete("a")
    p.complete("b")
    assert tasks(p.step) == ["x"]  # the next item starts what is newest by then


def test_a_version_that_is_not_given_is_an_error_that_names_the_process() -> None:
    p = Player(engine.extend(engine.read(calling()), [Apart(version="1", definition=ONE, newest=True)]))
    p.definition = engine.read(calling())
    with pytest.raises(StateDamaged, match="proces"):
        p.complete("a")


def test_a_call_that_runs_is_migrated_with_its_caller() -> None:
    versions = [Apart(version="1", definition=ONE, newest=True)]
    p = Player(engine.extend(engine.read(calling()), versions))
    target = engine.read(calling(binding='bindingType="latest"'))
    with pytest.raises(BadRequest):
        engine.migrate(p.definition, target, p.step.state, host=p.host)
    step = engine.migrate(p.definition, engine.extend(target, versions), p.step.state, host=p.host)
    assert tasks(step) == ["a"]


def test_a_process_that_calls_an_older_version_of_itself_migrates_only_itself() -> None:
    def itself(task: str, binding: str) -> Definition:
        zeebe = f'<zeebe:calledElement processId="proces" {binding}/>'
        return engine.read(
            bpmn(
                start()
                + user(task)
                + node("callActivity", "c", zeebe=zeebe)
                + end()
                + chain("s", task, "c", "e")
            )
        )

    older = Apart(version="1", definition=child("a", id="proces"), newest=True)
    source, target = engine.extend(itself("t", ""), [older]), engine.extend(itself("u", ""), [older])
    p = Player(source)
    p.complete("t")
    assert tasks(p.step) == ["a"]
    step = engine.migrate(source, target, p.step.state, mapping={"a": "u", "t": "u"}, host=p.host)
    assert tasks(step) == ["a"]


@pytest.mark.parametrize(
    "binding", ['bindingType="newest"', 'bindingType="versionTag"', 'bindingType="versionTag" versionTag=""']
)
def test_a_binding_that_means_nothing_is_refused(binding: str) -> None:
    findings = engine.read(calling(binding=binding), called={"kind": ONE}).findings
    assert [one.rule for one in findings] == ["binding-onbekend"]


@pytest.mark.parametrize(
    "zeebe",
    [
        '<zeebe:formDefinition formId="f" bindingType="versionTag" versionTag="v1"/>',
        '<zeebe:formDefinition formId="f" bindingType="nieuw"/>',
    ],
)
def test_forms_have_no_version_tags(zeebe: str) -> None:
    body = start() + node("userTask", "a", zeebe=zeebe) + end() + chain("s", "a", "e")
    assert [one.rule for one in engine.read(bpmn(body)).findings] == ["binding-onbekend"]
