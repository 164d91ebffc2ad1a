"""The policy: deny by default, every answer with its reason, fast enough to ask always."""

from __future__ import annotations

import time

import pytest

from service.access import Binding, Permission, Resource, decide, readable, readable_classes
from service.domain import SYSTEM, AccountKey, Actor, DataClass, Membership


def person(role: str, organisation: str = "", account: int = 7) -> Actor:
    return Actor(
        account=AccountKey(account),
        login=f"{role}.{organisation}@demo.invalid",
        name="Sanne W.",
        memberships=(Membership(role=role, organisation=organisation),),
    )


IB = person("school_ib", "regenboogbrug")
OTHER_IB = person("school_ib", "klaverveld")
OFFERED = Resource(candidates=frozenset({"school_ib@regenboogbrug"}))


def test_a_candidate_may_complete_and_the_reason_says_as_whom() -> None:
    decision = decide(IB, Permission.TASK_COMPLETE, OFFERED)
    assert decision.allowed
    assert "school_ib@regenboogbrug" in decision.reason


@pytest.mark.parametrize(
    "permission", [Permission.TASK_READ, Permission.TASK_COMPLETE, Permission.CASUS_READ]
)
def test_the_same_role_at_another_organisation_gets_nothing(permission: Permission) -> None:
    assert not decide(OTHER_IB, permission, OFFERED).allowed


def test_who_took_a_task_keeps_it() -> None:
    taken = Resource(candidates=OFFERED.candidates, assignee="jan@demo.invalid")
    assert decide(IB, Permission.TASK_READ, taken).allowed
    assert not decide(IB, Permission.TASK_COMPLETE, taken).allowed


@pytest.mark.parametrize("role", ["api", "beheer"])
def test_operators_work_on_technical_processes_and_never_on_a_casus(role: str) -> None:
    operator = person(role, "zilverbeek")
    assert decide(operator, Permission.TASK_COMPLETE, Resource(technical=True)).allowed
    assert not decide(operator, Permission.TASK_COMPLETE, OFFERED).allowed
    assert not decide(operator, Permission.CASUS_READ, OFFERED).allowed


@pytest.mark.parametrize("permission", list(Permission))
def test_a_stranger_may_do_nothing(permission: Permission) -> None:
    assert not decide(person("beleid", "wilgenveen"), permission, OFFERED).allowed


def test_every_permission_has_a_rule_for_somebody() -> None:
    assert all(decide(SYSTEM, permission).allowed for permission in Permission)


@pytest.mark.parametrize(
    ("role", "everything", "own"),
    [
        ("swv_po", "IOP", "IOP"),
        ("jeugdarts", "IP", "IMP"),
        ("wijkteam", "IPZ", "IPZ"),
        ("school_ib", "IOP", "IOPZ"),
        ("procesregisseur", "", ""),
        ("auditor", "", ""),
    ],
)
def test_the_matrix_is_that_of_the_domain(role: str, everything: str, own: str) -> None:
    row = readable(role)
    assert "".join(sorted(row.everything)) == everything
    assert "".join(sorted(row.own)) == own


@pytest.mark.parametrize(("age", "seen"), [(9, True), (15, True), (16, False), (None, False)])
def test_parents_read_care_and_medical_data_until_sixteen(age: int | None, seen: bool) -> None:
    assert (DataClass.MEDICAL in readable("ouder", age=age).everything) is seen


def test_classes_come_only_from_the_roles_held_in_this_casus() -> None:
    bindings = [Binding(role="school_ib", candidate="school_ib@regenboogbrug")]
    assert readable_classes(IB, bindings) == {DataClass.IDENTITY, DataClass.EDUCATION, DataClass.PROCESS}
    assert readable_classes(OTHER_IB, bindings) == frozenset()


def test_a_decision_takes_less_than_100_microseconds() -> None:
    rounds = 2000
    began = time.perf_counter()
    for _ in range(rounds):
        decide(IB, Permission.TASK_COMPLETE, OFFERED)
    assert (time.perf_counter() - began) / rounds < 100e-6
