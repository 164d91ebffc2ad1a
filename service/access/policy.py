"""One decision with its reason: deny by default. Pure: all it needs to know comes in the resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from service.access.permissions import Permission
from service.domain import Actor

#: Roles that operate technical processes on /v2; regional ones stay closed to them.
OPERATORS = frozenset({"api", "beheer"})
GUARDIANS = frozenset({"auditor", "fg"})


@dataclass(frozen=True, kw_only=True)
class Resource:
    """What the decision is about."""

    technical: bool = False  # a process without a casus
    candidates: frozenset[str] = frozenset()  # to whom a task is offered, or who is bound in a casus
    assignee: str = ""  # login of who took the task
    stands_in: frozenset[str] = frozenset()  # role@organisation in which the actor stands in for the assignee
    started_by: int = 0  # account of who started the instance
    start_roles: frozenset[str] = frozenset()  # roles that may start the process, or use the noodknop
    grounded: frozenset[str] = frozenset()  # of the actor's candidates: those with a ground for the number
    former: frozenset[str] = frozenset()  # who took part in a casus before
    emergency: bool = False  # the actor used the noodknop for this casus, and that still holds
    enters: frozenset[str] = frozenset()  # who takes part in a role that may enter this answer for another
    spoken_for: bool = (
        False  # whose answer it is, is of the family, or an organisation that does not take part
    )


@dataclass(frozen=True, kw_only=True)
class Decision:
    """May it be done, and why (not). The reason goes to the access log."""

    allowed: bool
    reason: str


_NO_RESOURCE = Resource()
_NOBODY = Decision(allowed=False, reason="geen regel die dit toestaat")
_SERVICE = Decision(allowed=True, reason="de dienst zelf")

Rule = Callable[[Actor, Resource], Decision]


def decide(actor: Actor, permission: Permission, resource: Resource | None = None) -> Decision:
    """May `actor` do `permission` with `resource`?"""
    if actor.service:
        return _SERVICE
    if actor.scopes is not None and permission not in actor.scopes:
        return Decision(allowed=False, reason="buiten de reikwijdte van het token")
    rule = _RULES.get(permission)
    return rule(actor, resource or _NO_RESOURCE) if rule else _NOBODY


def _has_role(*roles: str) -> Rule:
    wanted = frozenset(roles)

    def rule(actor: Actor, _resource: Resource) -> Decision:
        held = sorted(wanted & actor.roles)
        if held:
            return Decision(allowed=True, reason=f"rol {held[0]}")
        return Decision(allowed=False, reason=f"geen rol {' of '.join(sorted(wanted))}")

    return rule


def _offered(actor: Actor, resource: Resource) -> Decision:
    """The task is offered to the actor, or the actor operates this technical process."""
    held = actor.candidates & resource.candidates
    if held:
        return Decision(allowed=True, reason=f"kandidaat {min(held)}")
    if resource.assignee and resource.assignee == actor.login:
        return Decision(allowed=True, reason="behandelaar")
    return _operates(actor, resource)


def _opens_casus(actor: Actor, resource: Resource) -> Decision:
    """Who takes part, for a while who used the noodknop, and for what they supplied who took part before."""
    offered = _offered(actor, resource)
    before = sorted(actor.candidates & resource.former)
    if not offered.allowed and before:
        return Decision(allowed=True, reason=f"deed eerder mee, kandidaat {before[0]}")
    if not offered.allowed and resource.emergency:
        return Decision(allowed=True, reason="noodknop")
    return offered


def _uses_emergency(actor: Actor, resource: Resource) -> Decision:
    held = sorted(resource.start_roles & actor.roles)
    if held:
        return Decision(allowed=True, reason=f"noodknop, rol {held[0]}")
    return Decision(allowed=False, reason="rol mag de noodknop niet gebruiken")


def _administers(actor: Actor, resource: Resource) -> Decision:
    """Who holds the administrator's role at that very organisation."""
    held = sorted(resource.candidates & actor.candidates)
    if held:
        return Decision(allowed=True, reason=f"rol {held[0]}")
    return Decision(allowed=False, reason="geen beheerder van deze organisatie")


def _named_roles(actor: Actor, resource: Resource) -> Decision:
    """The roles that the resource names: of the family in a casus, or of who directs it."""
    held = sorted(resource.start_roles & actor.roles)
    if held:
        return Decision(allowed=True, reason=f"rol {held[0]}")
    return Decision(allowed=False, reason="geen van de rollen die dit mogen")


def _records_absence(actor: Actor, resource: Resource) -> Decision:
    """One's own absence, or that of people of an organisation that one administers."""
    if resource.started_by and resource.started_by == actor.account:
        return Decision(allowed=True, reason="eigen afwezigheid")
    return _administers(actor, resource)


def _has_ground(actor: Actor, resource: Resource) -> Decision:
    """Takes part in a casus of this child, in a role and for an organisation that the law gives the number."""
    part = actor.candidates & resource.candidates
    held = part & resource.grounded
    if held:
        return Decision(allowed=True, reason=f"kandidaat {min(held)}, grondslag voor het bsn")
    return Decision(allowed=False, reason="geen grondslag voor het bsn" if part else "geen deelnemer")


def _operates(actor: Actor, resource: Resource) -> Decision:
    if not resource.technical:
        return Decision(allowed=False, reason="geen deelnemer")
    held = sorted(OPERATORS & actor.roles)
    if held:
        return Decision(allowed=True, reason=f"rol {held[0]}, technisch proces")
    if resource.started_by and resource.started_by == actor.account:
        return Decision(allowed=True, reason="zelf gestart, technisch proces")
    return Decision(allowed=False, reason="niet aangeboden")


def _operates_only(actor: Actor, resource: Resource) -> Decision:
    held = sorted(OPERATORS & actor.roles)
    if resource.technical and held:
        return Decision(allowed=True, reason=f"rol {held[0]}, technisch proces")
    return Decision(allowed=False, reason="alleen wie technische processen bedient")


def _shares(actor: Actor, resource: Resource) -> Decision:
    """Who does the task for an organisation lets a guest in; the family and a guest do theirs themselves."""
    personal = ("account:", "user:", "group:")
    held = sorted(one for one in actor.candidates & resource.candidates if not one.startswith(personal))
    if held:
        return Decision(allowed=True, reason=f"kandidaat {held[0]}")
    return Decision(allowed=False, reason="niet namens een organisatie aangeboden")


def _completes(actor: Actor, resource: Resource) -> Decision:
    """Who took the task completes it; an untaken task is for every candidate."""
    offered = _offered(actor, resource)
    taken_by_other = resource.assignee and resource.assignee != actor.login
    instead = sorted(resource.stands_in & resource.candidates & actor.candidates)
    if offered.allowed and taken_by_other and instead:
        return Decision(allowed=True, reason=f"kandidaat {instead[0]}, neemt waar bij afwezigheid")
    if offered.allowed and taken_by_other and not OPERATORS & actor.roles:
        return Decision(allowed=False, reason="een ander heeft de taak opgepakt")
    return offered


def _enters_on_behalf(actor: Actor, resource: Resource) -> Decision:
    """Somebody else's answer, for who takes part in a role that the register names; never a task of one's own."""
    held = sorted(actor.candidates & resource.enters)
    if not held:
        return Decision(allowed=False, reason="geen rol die hier namens een ander mag invoeren")
    if _offered(actor, resource).allowed:
        return Decision(allowed=False, reason="eigen taak, niet die van een ander")
    if not resource.spoken_for:
        return Decision(allowed=False, reason="wie het aangaat, doet zelf mee")
    return Decision(allowed=True, reason=f"kandidaat {held[0]}, namens een ander")


def _starts(actor: Actor, resource: Resource) -> Decision:
    if resource.technical:
        return _operates_only(actor, resource)
    held = sorted(resource.start_roles & actor.roles)
    if held:
        return Decision(allowed=True, reason=f"rol {held[0]} mag starten")
    return Decision(allowed=False, reason="rol mag dit proces niet starten")


_RULES: Mapping[Permission, Rule] = MappingProxyType(
    {
        Permission.ABSENCE_RECORD: _records_absence,
        Permission.ACCESS_LOG_READ: _has_role("auditor", "fg", "beheer"),
        Permission.BSN_READ: _has_ground,
        Permission.BSN_WRITE: _has_ground,
        Permission.CASUS_READ: _opens_casus,
        Permission.CLOCK_PIN: _has_role("api", "beheer"),
        Permission.CONCEPT_EDIT: _has_role("procesregisseur"),
        Permission.CONCEPT_PUBLISH: _has_role("procesregisseur"),
        Permission.CONCEPT_READ: _has_role("procesregisseur"),
        Permission.CONSENT_RECORD: _named_roles,
        Permission.DEFINITION_READ: _has_role("procesregisseur", "auditor", "fg", "beheer", "api"),
        Permission.DEPLOYMENT_CREATE: _has_role("api", "beheer"),
        Permission.EMERGENCY_REVIEW: _has_role("fg"),
        Permission.EMERGENCY_USE: _uses_emergency,
        Permission.FAMILY_INVITE: _named_roles,
        Permission.HELP_ANSWER: _named_roles,
        Permission.HISTORY_SEARCH: _has_role("auditor", "fg"),
        Permission.HOUSEHOLD_CHANGE: _named_roles,
        Permission.INCIDENT_READ: _operates_only,
        Permission.INCIDENT_RESOLVE: _operates_only,
        Permission.INSTANCE_CANCEL: _operates_only,
        Permission.INSTANCE_READ: _offered,
        Permission.INSTANCE_SUSPEND: _operates_only,
        Permission.JOB_WORK: _operates_only,
        Permission.LOOKS_READ: _named_roles,
        Permission.MATCH_DECIDE: _named_roles,
        Permission.MESSAGE_PUBLISH: _has_role("api", "beheer"),
        Permission.NOTE_WITHDRAW: _offered,
        Permission.NOTE_WRITE: _offered,
        Permission.ORGANISATION_MANAGE: _administers,
        Permission.PROCESS_START: _starts,
        Permission.MONITOR_READ: _has_role("beleid", "college", "procesregisseur", "lpa", "swv_po", "swv_vo"),
        Permission.REGION_MANAGE: _has_role("beheer"),
        Permission.RELOCATION_ASK: _named_roles,
        Permission.RELOCATION_DECIDE: _offered,
        Permission.SIBLING_LINK: _named_roles,
        Permission.SIGNAL_BROADCAST: _has_role("api", "beheer"),
        Permission.STORY_READ: _has_role("auditor", "fg"),
        Permission.TASK_ASSIGN: _operates_only,
        Permission.TASK_CLAIM: _offered,
        Permission.TASK_COMPLETE: _completes,
        Permission.TASK_COMPLETE_ON_BEHALF: _enters_on_behalf,
        Permission.TASK_READ: _offered,
        Permission.TASK_SHARE: _shares,
        Permission.VARIABLE_WRITE: _operates_only,
    }
)
