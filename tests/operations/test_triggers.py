"""Messages, signals and the clock start processes by themselves: once, in the newest version, in the right casus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from service.clock import PinnedClock
from service.domain import SYSTEM, Actor
from service.errors import BadRequest, Conflict, DiagramRejected, NotAllowed
from service.operations import deployments, guard, instances, messages, starts, tasks, timers
from service.operations.records import InstanceRecord, Query
from service.store import casus, connection
from service.store import instances as instance_rows
from service.store.scopes import WORKER
from service.store.session import transaction
from tests.operations import proef
from tests.operations.conftest import person
from tests.operations.test_messages import drain

EVENTS = {
    "message": '<bpmn:messageEventDefinition messageRef="m" />',
    "signal": '<bpmn:signalEventDefinition signalRef="g" />',
    "cycle": "<bpmn:timerEventDefinition><bpmn:timeCycle>R2/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition>",
    "date": '<bpmn:timerEventDefinition><bpmn:timeDate>=now() + duration("PT2H")</bpmn:timeDate></bpmn:timerEventDefinition>',
}


@pytest.fixture(autouse=True)
def nothing_left(service: object) -> Iterator[None]:
    """No timer of these tests starts anything while other tests move the clock."""
    yield
    with transaction(WORKER) as session:
        session.execute(text("DELETE FROM start_event WHERE kind = 'timer'"))


def process(id_: str, event: str, *, name: str = "aangemeld", task: str = "t1") -> bytes:
    """A process that begins with an event and then asks a task."""
    roots = f'<bpmn:message id="m" name="{name}" /><bpmn:signal id="g" name="{name}" />'
    plain = '<bpmn:startEvent id="s"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>'
    begun = f'<bpmn:startEvent id="s"><bpmn:outgoing>a</bpmn:outgoing>{EVENTS[event]}</bpmn:startEvent>'
    body = (
        proef.technical(id_)
        .decode()
        .replace(plain, begun)
        .replace("<bpmn:process ", roots + "<bpmn:process ")
    )
    return body.replace('"t1"', f'"{task}"').encode()


def found(api: Actor, process_id: str, *, active: bool = False) -> list[InstanceRecord]:
    filters: dict[str, dict[str, object]] = {"process_id": {"$eq": process_id}}
    if active:
        filters["state"] = {"$eq": "ACTIVE"}
    return list(instances.search(api, Query(filters=filters)).items)


def send(api: Actor, name: str, key: str = "", message_id: str = "", **variables: object) -> None:
    messages.publish(api, name, key, variables, kept_for=timedelta(hours=1), message_id=message_id)
    drain()


def test_a_message_starts_a_process_with_its_variables(api: Actor) -> None:
    deployments.deploy(api, {"p.bpmn": process("begint", "message", name="begin.a")})
    send(api, "begin.a", kind="Noor")
    send(api, "een.ander.bericht")
    (made,) = found(api, "begint")
    values = instances.variables(api, Query(filters={"instance_key": {"$eq": made.key}})).items
    assert [(one.name, one.value) for one in values] == [("kind", "Noor")]


def test_messages_with_one_key_start_one_instance_at_a_time(api: Actor) -> None:
    deployments.deploy(api, {"p.bpmn": process("een_tegelijk", "message", name="begin.b")})
    for number in (1, 2):
        send(api, "begin.b", "ZB-1", nummer=number)
    send(api, "begin.b", "ZB-2", nummer=3)
    for number in (4, 5):
        send(api, "begin.b", "", nummer=number)  # without a key each starts its own
    running = found(api, "een_tegelijk")
    assert len(running) == 4
    first = next(one for one in running if numbers(api, one) == [1])
    instances.cancel(api, first.key)
    drain()
    left = [number for one in found(api, "een_tegelijk", active=True) for number in numbers(api, one)]
    assert sorted(left) == [2, 3, 4, 5]


def numbers(api: Actor, made: InstanceRecord) -> list[Any]:
    found = instances.variables(api, Query(filters={"instance_key": {"$eq": made.key}})).items
    return [one.value for one in found if one.name == "nummer"]


def test_a_message_starts_the_newest_version_alone(api: Actor) -> None:
    deployments.deploy(api, {"p.bpmn": process("vernieuwd", "message", name="begin.c")})
    deployments.deploy(api, {"p.bpmn": process("vernieuwd", "message", name="begin.c", task="t9")})
    send(api, "begin.c")
    assert [one.version for one in found(api, "vernieuwd")] == [2]
    deployments.deploy(api, {"p.bpmn": process("vernieuwd", "message", name="begin.d")})
    send(api, "begin.c")
    assert len(found(api, "vernieuwd")) == 1


def test_a_message_reaches_who_waits_and_starts_another_process(api: Actor) -> None:
    for id_ in ("ontvanger_a", "ontvanger_b"):
        deployments.deploy(api, {"p.bpmn": process(id_, "message", name="begin.e")})
    send(api, "begin.e", "ZB-1")
    assert [len(found(api, id_)) for id_ in ("ontvanger_a", "ontvanger_b")] == [1, 1]


def test_a_message_id_is_kept_once_while_the_message_lives(api: Actor, clock: PinnedClock) -> None:
    deployments.deploy(api, {"p.bpmn": process("eenmalig", "message", name="begin.f")})
    send(api, "begin.f", "ZB-1", "bericht-1")
    with pytest.raises(Conflict):
        send(api, "begin.f", "ZB-1", "bericht-1")
    send(api, "begin.f", "ZB-2", "bericht-1")  # another key
    clock.move(timedelta(hours=1))
    send(api, "begin.f", "ZB-1", "bericht-1")
    assert len(found(api, "eenmalig")) == 2  # the first with ZB-1 still runs: the last one waits for its end


def test_a_message_that_is_not_kept_reaches_who_waits_now(api: Actor) -> None:
    messages.publish(api, "begin.g", "", {})
    drain()
    deployments.deploy(api, {"p.bpmn": process("te_laat", "message", name="begin.g")})
    assert found(api, "te_laat") == []
    messages.publish(api, "begin.g", "", {})
    drain()
    assert len(found(api, "te_laat")) == 1


def test_who_may_not_publish_is_refused(api: Actor) -> None:
    nobody = Actor(account=api.account, login="x@demo.invalid", name="X", memberships=())
    with pytest.raises(NotAllowed):
        messages.publish(nobody, "begin.a", "", {})
    with pytest.raises(NotAllowed):
        messages.signal(nobody, "begin.a", {})
    with pytest.raises(BadRequest):
        messages.publish(api, "", "", {})
    with pytest.raises(BadRequest):
        messages.publish(api, "x", "", {}, kept_for=timedelta(days=365))


def test_a_signal_starts_every_process_that_begins_with_it(api: Actor) -> None:
    for id_ in ("sein_a", "sein_b"):
        deployments.deploy(api, {"p.bpmn": process(id_, "signal", name="schooljaar.begint")})
    messages.signal(api, "schooljaar.begint", {"jaar": 2027})
    with connection.engine().begin() as look:
        statement = "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE task_name = 'deliver' AND status = 'todo' RETURNING args"
        queued = [
            (bytes.fromhex(row.args["sealed"]), row.args["key"]) for row in look.execute(text(statement))
        ]
    assert [messages.broadcast(*one) for one in queued][-1] == 2
    assert [len(found(api, id_)) for id_ in ("sein_a", "sein_b")] == [1, 1]
    assert messages.broadcast(*queued[-1]) == 0  # by a second worker, after the first one died
    assert [len(found(api, id_)) for id_ in ("sein_a", "sein_b")] == [1, 1]


def test_the_clock_starts_a_process_as_often_as_its_cycle_says(api: Actor, clock: PinnedClock) -> None:
    deployments.deploy(api, {"p.bpmn": process("op_tijd", "cycle")})
    counted = []
    for _ in range(4):
        timers.run_due()
        counted.append(len(found(api, "op_tijd")))
        clock.move(timedelta(hours=1))
    assert counted == [0, 1, 2, 2]


def test_a_date_starts_a_process_once_and_a_new_version_starts_anew(api: Actor, clock: PinnedClock) -> None:
    deployments.deploy(api, {"p.bpmn": process("eens", "date")})
    for _ in range(3):
        clock.move(timedelta(hours=2))
        timers.run_due()
    assert len(found(api, "eens")) == 1
    deployments.deploy(api, {"p.bpmn": process("eens", "date", task="t9")})
    clock.move(timedelta(hours=2))
    assert timers.next_due() is not None
    timers.run_due()
    assert [one.version for one in found(api, "eens")] in ([1, 2], [2, 1])


def test_a_timer_start_that_cannot_be_read_is_refused_when_it_is_deployed(api: Actor) -> None:
    broken = process("kapot", "date").replace(b'=now() + duration("PT2H")', b"=onbekend")
    with pytest.raises(BadRequest, match="timer"):
        deployments.deploy(api, {"p.bpmn": broken})
    assert found(api, "kapot") == []


def follow_up(event: str) -> dict[str, bytes]:
    """The regional process, which a message about a casus may begin too, halfway."""
    files = proef.files()
    diagram = files["proces.bpmn"].decode().replace('id="proef"', 'id="vervolg"')
    begin = (
        f'<bpmn:startEvent id="Begin" name="Vervolg gevraagd"><bpmn:outgoing>f11</bpmn:outgoing>{EVENTS[event]}</bpmn:startEvent>'
        '<bpmn:sequenceFlow id="f11" sourceRef="Begin" targetRef="Besluit" />'
    )
    diagram = (
        diagram.replace("<bpmn:process ", '<bpmn:message id="m" name="vervolg.gevraagd" /><bpmn:process ')
        .replace('<bpmn:parallelGateway id="Splits">', begin + '<bpmn:parallelGateway id="Splits">')
        .replace(
            "<bpmn:flowNodeRef>Splits<", "<bpmn:flowNodeRef>Begin</bpmn:flowNodeRef><bpmn:flowNodeRef>Splits<"
        )
        .replace(
            "<bpmn:incoming>f6</bpmn:incoming>",
            "<bpmn:incoming>f6</bpmn:incoming><bpmn:incoming>f11</bpmn:incoming>",
        )
    )
    example = (
        'naam = "Vervolg"\nbegint_op = 2027-01-18T09:00:00\nbegin = "Begin"\n'
        '[[stap]]\ntaak = "Besluit"\nantwoorden = { uitkomst = "plek" }\n[verwacht]\neinde = "Einde_plek"\n'
    )
    return files | {
        "proces.bpmn": diagram.encode(),
        "proces.toml": files["proces.toml"].replace(b'id = "proef"', b'id = "vervolg"'),
        "voorbeelden/vervolg.toml": example.encode(),
    }


def publish(event: str) -> None:
    with guard.working(SYSTEM) as work:
        deployments.publish(work, "vervolg", follow_up(event), reason="proef")


def test_a_message_starts_a_regional_process_in_the_casus_that_its_key_names(
    api: Actor, ouder: Actor
) -> None:
    publish("message")
    started = starts.start(ouder, "proef", proef.started(), as_html=False)
    send(api, "vervolg.gevraagd", "ZB-0000-0000")  # no such casus
    send(api, "vervolg.gevraagd", started.casus_number)
    with guard.working(SYSTEM) as work:
        found = instance_rows.of_casus(work.session, [casus_key(work, started.casus_number)])
    assert sorted(row.process_id for row in found) == ["proef", "vervolg"]
    swv = person("swv_po.samenwijs")
    names = [task.name for task in tasks.mine(swv).tasks if task.casus_number == started.casus_number]
    assert names == ["Advies vaststellen"]


def casus_key(work: guard.Work, number: str) -> int:
    found = casus.by_number(work.session, number)
    assert found is not None
    return int(found.key)


@pytest.mark.parametrize("event", ["signal", "date"])
def test_a_regional_process_is_not_started_without_a_casus(event: str) -> None:
    with pytest.raises(DiagramRejected) as refused:
        publish(event)
    assert "start-zonder-casus" in {one.rule for one in refused.value.findings}
