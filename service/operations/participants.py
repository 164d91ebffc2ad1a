"""Who holds which role in a new casus: bound by municipality, age, school and the child's parent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from service.domain import Actor
from service.operations.catalog import Process
from service.operations.guard import Work
from service.operations.offers import Bound
from service.store import accounts, organisations
from service.store.rows import Found, Session

SECONDARY_FROM = 12  # years: SWV VO instead of SWV PO (DOMAIN section 1)

#: Role -> what serves a municipality with it, in order of preference; keys of `bedient` in organisaties.toml.
_SERVED_BY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "swv_po": ("swv_po",),
        "swv_vo": ("swv_vo",),
        "tafel_vz": ("swv", "gemeente"),
        "casusregisseur": ("swv", "gemeente"),
        "lpa": ("leerplicht",),
        "rmc": ("leerplicht",),
        "wijkteam": ("wijkteam",),
        "aanspreekpunt": ("wijkteam", "gemeente"),
        "jeugdarts": ("jgz",),
        "cb_jgz": ("jgz",),
        "doorzetter": ("gemeente", "swv"),
    }
)
AT_SCHOOL = frozenset({"school_ib", "school_dir"})


@dataclass(frozen=True, kw_only=True)
class Child:
    """What the start form said about the child, as far as roles are bound by it."""

    municipality: str  # name or key of the municipality
    school: str  # organisation key; "" when there is none
    age: int | None
    parent_login: str  # e-mail address given as contact; "" when there is none


def bind(work: Work, process: Process, child: Child, starter: Actor, now: datetime) -> list[dict[str, Any]]:
    """The participants of a casus that starts now, for every role that the process names."""
    everything = organisations.everything(work.session)
    served = _served(everything, child)
    roles = sorted(process.roles)
    held = organisations.roles_held(
        work.session, {key for keys in served.values() for key in keys} | {child.school}
    )
    found: list[dict[str, Any]] = []
    for role in roles:
        organisation = _organisation(role, served, held, child, starter)
        if organisation:
            found.append(at(role, organisation, now))
    found += [_person("ouder", key, now) for key in _parents(work, child, starter)]
    return found


def bind_policy(work: Work, process: Process, starter: Actor, now: datetime) -> list[dict[str, Any]]:
    """The participants of a casus about policy: who starts it for their own organisation, and everybody else's role.

    Policy belongs to no child, so nobody serves it: a role that the starter does not hold is for each organisation
    where somebody holds it.
    """
    keys = [one.key for one in organisations.everything(work.session)]
    held = organisations.roles_held(work.session, keys)
    found: list[dict[str, Any]] = []
    for role in sorted(process.roles):
        own = sorted(m.organisation for m in starter.memberships if m.role == role and m.organisation)
        staffed = sorted(key for one, key in held if one == role and key)
        found += [at(role, key, now) for key in own or staffed]
    return found


def moved(
    session: Session, bound: Sequence[Bound], child: Child, by: Actor
) -> Mapping[tuple[str, str], list[str]]:
    """Which roles go over when this becomes of the child: (old organisation, new one) -> roles.

    child  its `municipality` is the new one; its `school` is "" when the child stays at its school
    """
    served = _served(organisations.everything(session), child)
    held = organisations.roles_held(session, {key for keys in served.values() for key in keys})
    found: dict[tuple[str, str], list[str]] = {}
    for one in sorted(bound, key=lambda one: (one.role, one.candidate)):
        new = _organisation(one.role, served, held, child, by) if one.organisation_key else ""
        if new and new != one.organisation_key:
            found.setdefault((one.organisation_key, new), []).append(one.role)
    return found


def _served(everything: Sequence[Found], child: Child) -> dict[str, tuple[str, ...]]:
    """What serves this child: kind of service -> organisations."""
    wanted = child.municipality.strip().lower()
    home = next(
        (
            o
            for o in everything
            if o.kind == "gemeente"
            and wanted
            in {
                o.key.lower(),
                o.name.lower(),
                o.municipality.lower(),
                o.name.lower().removeprefix("gemeente "),
            }
        ),
        None,
    )
    if home is None:
        return {}
    serves = {kind: _keys(key) for kind, key in dict(home.data.get("bedient", {})).items()}
    partnership = "swv_vo" if child.age is not None and child.age >= SECONDARY_FROM else "swv_po"
    other = "swv_po" if partnership == "swv_vo" else "swv_vo"
    serves.pop(other, None)
    return {**serves, "swv": serves.get(partnership, ()), "gemeente": (home.key,)}


def _keys(given: object) -> tuple[str, ...]:
    return tuple(given) if isinstance(given, list) else (str(given),)


def _organisation(
    role: str,
    served: Mapping[str, tuple[str, ...]],
    held: Iterable[tuple[str, str]],
    child: Child,
    starter: Actor,
) -> str:
    """The organisation that holds a role: the serving one where somebody has that role, else the first."""
    if role in AT_SCHOOL:
        return child.school
    serving = [key for kind in _SERVED_BY.get(role, ()) for key in served.get(kind, ())]
    own = [m.organisation for m in starter.memberships if m.role == role and m.organisation in serving]
    staffed = [key for key in serving if (role, key) in held]
    return next(iter((*own, *staffed, *serving)), "")


def _parents(work: Work, child: Child, starter: Actor) -> list[int]:
    if "ouder" in starter.roles:
        return [starter.account]
    known = (
        accounts.by_login(work.session, child.parent_login.strip().lower()) if child.parent_login else None
    )
    held = {pair.partition("@")[0] for pair in known.memberships} if known is not None else set()
    return [known.key] if known is not None and "ouder" in held else []


def at(role: str, organisation: str, now: datetime) -> dict[str, Any]:
    """A role at an organisation, as it is bound in a casus."""
    return {
        "role": role,
        "candidate": f"{role}@{organisation}",
        "organisation_key": organisation,
        "account_key": None,
        "since": now,
    }


def _person(role: str, account_key: int, now: datetime) -> dict[str, Any]:
    return {
        "role": role,
        "candidate": f"account:{account_key}",
        "organisation_key": "",
        "account_key": account_key,
        "since": now,
    }
