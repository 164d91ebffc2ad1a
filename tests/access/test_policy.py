"""The policy: deny by default, every answer with its reason."""

from __future__ import annotations

import pytest

from service.access import Permission, Resource, decide
from service.domain import SYSTEM, AccountKey, Actor, Membership


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
