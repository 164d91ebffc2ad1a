"""The policy: deny by default, every answer with its reason."""

from __future__ import annotations

from dataclasses import replace

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


@pytest.mark.parametrize(
    ("role", "expected"),
    [("beleid", True), ("lpa", True), ("ouder", False), ("school_ib", False), ("beheer", False)],
)
def test_figures_are_for_who_makes_policy_or_keeps_the_register(role: str, expected: bool) -> None:
    assert decide(person(role, "wilgenveen"), Permission.MONITOR_READ).allowed is expected


@pytest.mark.parametrize("permission", list(Permission))
def test_a_stranger_may_do_nothing(permission: Permission) -> None:
    assert not decide(person("jh_aanbieder", "kompas"), permission, OFFERED).allowed


def test_every_permission_has_a_rule_for_somebody() -> None:
    assert all(decide(SYSTEM, permission).allowed for permission in Permission)


DIRECTS = person("swv_po", "samenwijs")
BEHALF = Resource(
    candidates=frozenset({"school_ib@regenboogbrug"}),
    enters=frozenset({"swv_po@samenwijs", "school_ib@regenboogbrug"}),
    spoken_for=True,
)


def test_who_takes_part_in_a_named_role_enters_the_answer_of_another() -> None:
    decision = decide(DIRECTS, Permission.TASK_COMPLETE_ON_BEHALF, BEHALF)
    assert (decision.allowed, decision.reason) == (True, "kandidaat swv_po@samenwijs, namens een ander")
    assert not decide(DIRECTS, Permission.TASK_COMPLETE, BEHALF).allowed


@pytest.mark.parametrize(
    ("who", "changed", "reason"),
    [
        (person("swv_po", "elders"), {}, "geen rol die hier namens een ander mag invoeren"),
        (IB, {}, "eigen taak, niet die van een ander"),
        (DIRECTS, {"spoken_for": False}, "wie het aangaat, doet zelf mee"),
        (DIRECTS, {"enters": frozenset()}, "geen rol die hier namens een ander mag invoeren"),
    ],
)
def test_nobody_else_does_and_the_reason_says_why(
    who: Actor, changed: dict[str, object], reason: str
) -> None:
    given = replace(BEHALF, **changed)  # type: ignore[arg-type]  # one field of each case
    decision = decide(who, Permission.TASK_COMPLETE_ON_BEHALF, given)
    assert (decision.allowed, decision.reason) == (False, reason)
