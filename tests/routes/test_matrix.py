"""Every account of the region at every address: what comes back is what the policy says, and each read is logged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.routing import Rule

from service.access import Binding, Held, Permission, decide
from service.access.routes import ROUTES, Door
from service.domain import Actor, DataClass
from service.operations import runtime, situations
from service.store import access_log, casus, dossier
from service.store.scopes import AUDIT, SERVICE
from service.store.session import allow, transaction
from tests.routes.conftest import World, everybody
from tests.routes.markers import MARKERS

GONE = "ZB-0000-0000"
CASUS_PAGES = (
    "/casus/{n}",
    "/casus/{n}/inzage",
    "/casus/{n}/gekeken",
    "/casus/{n}/toestemming",
    "/casus/{n}/toestemming/namens",
    "/casus/{n}/waarneming",
)


def test_every_route_declares_what_it_asks(world: World) -> None:
    routes = {rule.endpoint for rule in world.app.url_map.iter_rules()}
    assert routes - ROUTES.keys() == set(), "declare these in service/access/routes.py"
    assert ROUTES.keys() - routes == set()


def expected(world: World, actor: Actor, number: str = "") -> set[str] | None:
    """The answers that the policy gives to somebody; None for who does not take part."""
    with transaction(SERVICE) as session:
        row = casus.by_number(session, number or world.number)
        assert row is not None
        bindings = [Binding(role=b.role, candidate=b.candidate) for b in casus.bindings(session, row.key)]
        allow(session, casus={row.key}, classes="IOZM")
        held = [
            Held(
                klasse=DataClass(letter),
                owner_role=one.owner_role,
                owner_organisation=one.owner_organisation,
                entered_by=one.entered_by,
                form_id=one.form_id,
                path=one.path,
            )
            for letter in sorted(dossier.CLASSES)
            for one in dossier.described(session, letter, row.key)
        ]
        standing = situations.standing(actor, bindings, situations.of(session, row))
    if not standing.readers:
        return None
    return {one.path for one in held if one.path in MARKERS and standing.reads(one).allowed}


def logged(actor: Actor) -> int:
    with transaction(AUDIT) as session:
        return len(access_log.read(session, account_key=actor.account, limit=100_000))


def test_each_account_reads_what_the_policy_gives_and_the_read_is_logged(world: World) -> None:
    reading = 0
    for actor in everybody():
        wanted, before = expected(world, actor), logged(actor)
        answer = world.client(actor).get(f"/casus/{world.number}")
        text = answer.get_data(as_text=True)
        assert logged(actor) > before, actor.login
        if wanted is None:
            assert answer.status_code == 404, actor.login
            assert not any(marker in text for marker in MARKERS.values())
            continue
        reading += 1
        shown = {path for path, marker in MARKERS.items() if marker in text}
        assert (answer.status_code, shown) == (200, wanted), actor.login
    assert reading >= 6


def test_each_role_that_takes_part_reads_its_classes_of_each_answer(world: World) -> None:
    """Roles x organisations x classes, all bound in one casus: the page, the word about who can see, and the log."""
    seen: dict[str, set[str]] = {}
    for actor in everybody():
        wanted, before = expected(world, actor, world.crowded), logged(actor)
        assert wanted is not None, actor.login
        answer = world.client(actor).get(f"/casus/{world.crowded}")
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200, actor.login
        assert {path for path, marker in MARKERS.items() if marker in text} == wanted, actor.login
        assert logged(actor) > before, actor.login
        about = world.client(actor).get(f"/casus/{world.crowded}/inzage").get_data(as_text=True)
        assert not any(MARKERS[path] in about for path in MARKERS), (
            actor.login
        )  # that they are there, not what
        for one in actor.memberships:
            seen[one.role] = seen.get(one.role, set()) | wanted
    assert {role for role, paths in seen.items() if "bevinding" in paths} == {"jeugdarts"}
    assert {role for role, paths in seen.items() if "zorgen" in paths} >= {"school_ib", "wijkteam"}
    assert not seen["auditor"] | seen["fg"] | seen["beheer"]
    assert len({frozenset(paths) for paths in seen.values()}) >= 5  # the rows differ


def test_a_casus_that_is_not_yours_and_one_that_is_not_there_are_one_answer(world: World) -> None:
    outsiders = [actor for actor in everybody() if expected(world, actor) is None]
    assert len(outsiders) > 20
    for actor in outsiders:
        client = world.client(actor)
        for page in CASUS_PAGES:
            here, gone = (client.get(page.format(n=number)) for number in (world.number, GONE))
            assert here.status_code == gone.status_code == 404, (actor.login, page)
            assert words(here.get_data(as_text=True)) == words(gone.get_data(as_text=True))


def test_the_task_of_another_is_entered_by_nobody_whom_the_register_does_not_name(world: World) -> None:
    """The open task is of who directs: the register names nobody for it, and a stranger does not learn of it."""
    address = f"/taken/{world.task_key}/namens"
    for actor in everybody():
        outside = expected(world, actor) is None
        client = world.client(actor)
        token = client.get("/taken").get_data(as_text=True).partition('name="csrf_token" value="')[2]
        data = {"csrf_token": token.partition('"')[0]}
        answers = (
            client.get(address),
            client.post(address, data=data),
            client.post(f"{address}/concept", data=data),
        )
        assert {answer.status_code for answer in answers} == {404 if outside else 403}, actor.login


def words(page: str) -> list[str]:
    """The text of a page without what differs by address or moment."""
    return [word for word in page.split() if "csrf" not in word and "ZB-" not in word]


def addresses(world: World) -> Iterator[tuple[Rule, str, str]]:
    """Every route with the keys of this world in its address."""
    given = {
        "number": world.number,
        "key": str(world.task_key),
        "definition_key": str(world.definition_key),
        "process_id": "proef",
        "path": "forms/advies.form",
        "name": "manifest.json",
        "account": "1",
        "invitation": "1",
        "mandate": "1",
        "token": "x",
    }
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        address = rule.rule
        for argument in rule.arguments:
            for converter in ("", "int:", "path:"):
                address = address.replace(f"<{converter}{argument}>", given[argument])
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, address


@pytest.fixture
def quiet(world: World) -> Flask:
    """Errors become answers, as they do when gunicorn serves."""
    world.app.config["PROPAGATE_EXCEPTIONS"] = False
    return world.app


@pytest.mark.usefixtures("quiet")
def test_a_stranger_gets_nothing_anywhere(world: World) -> None:
    client = world.client(None)
    for rule, method, address in addresses(world):
        answer = client.open(address, method=method)
        text = answer.get_data(as_text=True)
        assert answer.status_code < 500, (method, address)
        assert not any(marker in text for marker in MARKERS.values()), address
        if ROUTES[rule.endpoint] is Door.PUBLIC:
            continue
        assert answer.status_code in {302, 400, 401}, (method, address, answer.status_code)
        if answer.status_code == 302:
            assert "/inloggen" in answer.headers["Location"]


@pytest.mark.usefixtures("quiet")
def test_nobody_who_does_not_take_part_sees_an_answer_at_any_address(world: World) -> None:
    """Horizontal access, tried with every account at every address that reads."""
    for actor in everybody():
        if expected(world, actor) is not None:
            continue
        client = world.client(actor)
        for rule, method, address in addresses(world):
            if method != "GET" or rule.endpoint.startswith(("v2-", "audit.", "federation.")):
                continue
            answer = client.get(address)
            text = answer.get_data(as_text=True)
            assert answer.status_code < 500, (actor.login, address)
            assert not any(marker in text for marker in MARKERS.values()), (actor.login, address)
            if not _may(actor, ROUTES[rule.endpoint]):
                assert answer.status_code in {302, 403, 404}, (actor.login, address, answer.status_code)


def _may(actor: Actor, door: Permission | Door) -> bool:
    """Whether somebody may pass a door without taking part in anything."""
    if isinstance(door, Door):
        return True
    if door in {Permission.EMERGENCY_USE, Permission.HELP_ANSWER, Permission.PROCESS_START}:
        return True  # the register and the process say who
    return decide(actor, door).allowed


def test_the_api_gives_who_does_not_operate_nothing_of_a_casus(world: World) -> None:
    for actor in everybody():
        if expected(world, actor) is not None:
            continue
        client = world.app.test_client()
        credentials = (actor.login, "demo")
        for path in (f"/v2/user-tasks/{world.task_key}", f"/v2/process-instances/{world.instance_key}"):
            answer = client.get(path, auth=credentials)
            assert answer.status_code in {403, 404}, (actor.login, path)
        found = client.post("/v2/user-tasks/search", json={}, auth=credentials)
        keys = {item["userTaskKey"] for item in found.get_json().get("items", [])}
        assert str(world.task_key) not in keys


def test_a_forged_session_is_a_stranger(world: World) -> None:
    client = world.app.test_client()
    for forged in ("x", "0" * 43, "' OR 1=1 --", "a" * 3000):
        client.set_cookie("sluitend_sessie", forged)
        assert client.get(f"/casus/{world.number}").status_code == 302


def test_a_role_that_needs_a_second_factor_gets_nowhere_without_one(world: World) -> None:
    actor = next(one for one in everybody() if "wijkteam" in one.roles)
    running = runtime.current()
    register = replace(running.register, second_factor=frozenset({"wijkteam"}))
    runtime.use(replace(running, register=register))
    try:
        client = world.client(actor)
        for path in ("/taken", "/casus", f"/casus/{world.number}", "/starten"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["Location"]) == (302, "/account/tweede-stap"), path
        page = client.get("/account/tweede-stap")
        assert page.status_code == 200
        assert "Uw rol vraagt dit" in page.get_data(as_text=True)
    finally:
        runtime.use(running)
