"""User tasks: the list of one person, one task to work on, and what a move opened and closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    all_,
    any_,
    bindparam,
    case,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from service.store import search as searching
from service.store.instances import visible
from service.store.rows import Found
from service.store.tables import (
    account,
    casus,
    casus_participant,
    definition,
    deployment,
    instance,
    organisation,
    subject,
    task_candidate,
    user_task,
)

MOST_COUNTED = 1000


@cache
def shown() -> Select[Any]:
    """Tasks with all that a list shows of them."""
    taker = account.alias("taker")
    return (
        select(
            *(c for c in user_task.c if c.name != "definition_key"),
            definition.c.key.label("definition_key"),
            instance.c.started_by,
            definition.c.id.label("process_id"),
            definition.c.name.label("process_name"),
            definition.c.version,
            definition.c.deployment_key,
            deployment.c.kind.label("deployment_kind"),
            casus.c.number.label("casus_number"),
            casus.c.subject_key,
            subject.c.first_name,
            subject.c.last_name,
            subject.c.kind.label("about"),
            organisation.c.name.label("organisation_name"),
            taker.c.name.label("assignee_name"),
        )
        .join(instance, instance.c.key == user_task.c.instance_key)
        .join(
            definition,
            definition.c.key == func.coalesce(user_task.c.definition_key, instance.c.definition_key),
        )
        .join(deployment, deployment.c.key == definition.c.deployment_key)
        .outerjoin(casus, casus.c.key == user_task.c.casus_key)
        .outerjoin(subject, subject.c.key == casus.c.subject_key)
        .outerjoin(organisation, organisation.c.key == user_task.c.organisation_key)
        .outerjoin(taker, taker.c.login == user_task.c.assignee)
    )


def _offered(candidates: Sequence[str], limit: int) -> Any:
    """The first tasks offered under each name, found by walking the index once per name."""
    name = (
        func.unnest(literal(list(candidates), ARRAY(Text)))
        .table_valued(column("name", Text))
        .render_derived()
    )
    walk = (
        select(task_candidate.c.task_key, task_candidate.c.due_at)
        .where(task_candidate.c.candidate == name.c.name)
        .order_by(task_candidate.c.due_at, task_candidate.c.task_key)
        .limit(limit)
        .lateral("walk")
    )
    return select(walk.c.task_key, walk.c.due_at).select_from(name.join(walk, literal(True))).distinct()


def mine(session: Session, candidates: Sequence[str], *, limit: int, offset: int) -> Sequence[int]:
    """The keys of the open tasks offered to somebody, nearest deadline first."""
    first = _offered(candidates, limit + offset).subquery("first")
    page = select(first.c.task_key).order_by(first.c.due_at, first.c.task_key).limit(limit).offset(offset)
    return [int(key) for key in session.execute(page).scalars()]


def count_mine(session: Session, candidates: Sequence[str]) -> int:
    """How many tasks are offered, counted up to MOST_COUNTED."""
    some = _offered(candidates, MOST_COUNTED).limit(MOST_COUNTED).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one()


def described(session: Session, keys: Sequence[int]) -> Sequence[Found]:
    """Tasks with all that a list shows of them, in the order of `keys`."""
    found = (
        {row.key: row for row in session.execute(shown().where(user_task.c.key.in_(keys)))} if keys else {}
    )
    return [found[key] for key in keys if key in found]


def enter(session: Session, key: int) -> int | None:
    """The instance of a task that row-level security shows; for such a task the transaction goes on as the service."""
    become = func.set_config("sluitend.kind", "service", literal_column("true"))
    found = session.execute(
        select(user_task.c.instance_key, become).where(user_task.c.key == key)
    ).one_or_none()
    return int(found[0]) if found is not None else None


def mine_of_casus(session: Session, casus_key: int, candidates: Sequence[str]) -> Sequence[Found]:
    """The open tasks of one casus that are offered to somebody."""
    offered = (
        select(task_candidate.c.task_key)
        .where(task_candidate.c.task_key == user_task.c.key, task_candidate.c.candidate.in_(list(candidates)))
        .exists()
    )
    return session.execute(
        shown()
        .where(user_task.c.casus_key == casus_key, user_task.c.state == "CREATED", offered)
        .order_by(user_task.c.due_at, user_task.c.key)
    ).all()


def get(session: Session, key: int) -> Found | None:
    """One task with its child, who takes part in its casus, what is open beside it, and who ended it."""
    return session.execute(_whole(), {"task": key}).one_or_none()


@cache  # building it took longer than the database needs to answer it
def _whole() -> Select[Any]:
    finisher = account.alias("finisher")
    return (
        shown()
        .add_columns(
            _bindings(),
            _open_tasks(),
            finisher.c.name.label("ended_by_name"),
            subject.c.pseudonym,
            subject.c.birth_date,
            subject.c.wrapped_key,
        )
        .outerjoin(finisher, finisher.c.key == user_task.c.ended_by)
        .where(user_task.c.key == bindparam("task"))
    )


def _candidates() -> ColumnElement[Any]:
    return (
        select(func.coalesce(func.array_agg(task_candidate.c.candidate), []))
        .where(task_candidate.c.task_key == user_task.c.key)
        .correlate(user_task)
        .scalar_subquery()
        .label("candidates")
    )


def _bindings() -> ColumnElement[Any]:
    """Role, candidate and organisation of each participant of the task's casus."""
    one = func.jsonb_build_array(
        casus_participant.c.role, casus_participant.c.candidate, casus_participant.c.organisation_key
    )
    return (
        select(func.coalesce(func.jsonb_agg(one), literal_column("'[]'::jsonb")))
        .where(casus_participant.c.casus_key == user_task.c.casus_key)
        .correlate(user_task)
        .scalar_subquery()
        .label("bindings")
    )


def _open_tasks() -> ColumnElement[Any]:
    """Token and key of every open task of the same instance."""
    other = user_task.alias("other")
    one = func.jsonb_build_array(other.c.token, other.c.key)
    return (
        select(func.coalesce(func.jsonb_agg(one), literal_column("'[]'::jsonb")))
        .where(other.c.instance_key == user_task.c.instance_key, other.c.state == "CREATED")
        .correlate(user_task)
        .scalar_subquery()
        .label("open_tasks")
    )


def of_casus(session: Session, casus_key: int) -> Sequence[Found]:
    """All tasks of a casus in the order they came, with who ended them and whom they are offered to."""
    finisher = account.alias("finisher")
    return session.execute(
        shown()
        .add_columns(_candidates(), finisher.c.name.label("ended_by_name"))
        .outerjoin(finisher, finisher.c.key == user_task.c.ended_by)
        .where(user_task.c.casus_key == casus_key)
        .order_by(user_task.c.created_at, user_task.c.key)
    ).all()


def open_of_casussen(session: Session, casus_keys: Sequence[int]) -> Sequence[Found]:
    """The open tasks of casussen, nearest deadline first."""
    return session.execute(
        select(user_task, organisation.c.name.label("organisation_name"))
        .outerjoin(organisation, organisation.c.key == user_task.c.organisation_key)
        .where(user_task.c.casus_key.in_(casus_keys), user_task.c.state == "CREATED")
        .order_by(user_task.c.due_at, user_task.c.key)
    ).all()


def open_of_instance(session: Session, instance_key: int) -> Sequence[Found]:
    """The open tasks of an instance by key and token."""
    return session.execute(
        select(user_task.c.key, user_task.c.token, user_task.c.element_id).where(
            user_task.c.instance_key == instance_key, user_task.c.state == "CREATED"
        )
    ).all()


def assign(session: Session, key: int, assignee: str) -> None:
    """Give a task to a login, or to nobody for ""."""
    session.execute(update(user_task).where(user_task.c.key == key).values(assignee=assignee))


def change(
    session: Session,
    key: int,
    values: Mapping[str, Any],
    candidates: Sequence[str],
    due_at: datetime | None,
) -> None:
    """Change columns of an open task, and offer it to these alone."""
    session.execute(update(user_task).where(user_task.c.key == key).values(**values))
    session.execute(delete(task_candidate).where(task_candidate.c.task_key == key))
    offered = [{"task_key": key, "candidate": one, "due_at": due_at} for one in candidates]
    if offered:
        session.execute(insert(task_candidate), offered)


def share(session: Session, key: int, login: str, due_at: datetime | None) -> None:
    """Let one more person do a task, by name."""
    users = user_task.c.candidate_users
    session.execute(
        update(user_task)
        .where(user_task.c.key == key, literal(login) != all_(users))
        .values(candidate_users=func.array_append(users, login))
    )
    offer(session, key, f"user:{login}", due_at)


def unshare(session: Session, key: int, login: str) -> None:
    """They may do it no longer."""
    users = user_task.c.candidate_users
    session.execute(
        update(user_task)
        .where(user_task.c.key == key)
        .values(
            candidate_users=func.array_remove(users, login),
            assignee=case((user_task.c.assignee == login, ""), else_=user_task.c.assignee),
        )
    )
    session.execute(
        delete(task_candidate).where(
            task_candidate.c.task_key == key, task_candidate.c.candidate == f"user:{login}"
        )
    )


def offer(session: Session, key: int, candidate: str, due_at: datetime | None) -> None:
    """Offer a task under one more name."""
    known = select(task_candidate.c.task_key).where(
        task_candidate.c.task_key == key, task_candidate.c.candidate == candidate
    )
    if session.execute(known).first() is None:
        session.execute(insert(task_candidate).values(task_key=key, candidate=candidate, due_at=due_at))


def search(
    session: Session, wanted: searching.Search, *, account_key: int, candidates: Sequence[str], operates: bool
) -> tuple[Sequence[Found], int]:
    """Tasks that an account may find through /v2."""
    columns: dict[str, ColumnElement[Any]] = {
        "key": user_task.c.key,
        "state": user_task.c.state,
        "name": user_task.c.name,
        "assignee": func.nullif(user_task.c.assignee, ""),
        "element_id": user_task.c.element_id,
        "priority": user_task.c.priority,
        "process_id": definition.c.id,
        "definition_key": definition.c.key,
        "instance_key": user_task.c.instance_key,
        "created_at": user_task.c.created_at,
        "ended_at": user_task.c.ended_at,
        "due_at": user_task.c.due_at,
        "follow_up_at": user_task.c.follow_up_at,
        "tenant_id": literal("<default>"),
    }
    statement = shown().where(
        or_(
            visible(account_key, candidates, operates=operates) & (deployment.c.kind == "technical"),
            select(task_candidate.c.task_key)
            .where(
                task_candidate.c.task_key == user_task.c.key,
                task_candidate.c.candidate.in_(list(candidates)),
            )
            .exists(),
        )
    )
    if not operates:
        keys = session.scalars(_findable(account_key, candidates).limit(_MANY)).all()
        if len(keys) < _MANY:
            statement = statement.where(user_task.c.key.in_(keys))
    plain = {name: given for name, given in wanted.filters.items() if name not in _ARRAYS}
    for name, array in _ARRAYS.items():
        for operator, value in wanted.filters.get(name, {}).items():
            statement = statement.where(_in_array(array, operator, value))
    narrowed = searching.Search(filters=plain, sort=wanted.sort, offset=wanted.offset, limit=wanted.limit)
    return searching.run(session, statement, columns, narrowed, key=user_task.c.key)


_MANY = 5000  # keys to name one by one; who may find more is better off with the whole table


def _findable(account_key: int, candidates: Sequence[str]) -> Any:
    """The keys of everything that who does not operate may find; a little more would do no harm.

    As a union each part starts at an index, and asked beforehand its answer starts the search at one too. The condition
    that it narrows is an OR, for which the database looks at every task: a second for fifty among a million.
    """
    offered = select(task_candidate.c.task_key).where(task_candidate.c.candidate.in_(list(candidates)))
    beside, begun = user_task.alias("beside"), user_task.alias("begun")
    instances = (
        select(user_task.c.instance_key)
        .join(task_candidate, task_candidate.c.task_key == user_task.c.key)
        .where(task_candidate.c.candidate.in_(list(candidates)), user_task.c.casus_key.is_(None))
    )
    own = (
        select(begun.c.key)
        .join(instance, instance.c.key == begun.c.instance_key)
        .where(instance.c.started_by == account_key, instance.c.casus_key.is_(None))
    )
    return offered.union(select(beside.c.key).where(beside.c.instance_key.in_(instances)), own)


_ARRAYS: Mapping[str, ColumnElement[Any]] = {
    "candidate_group": user_task.c.candidate_groups,
    "candidate_user": user_task.c.candidate_users,
}


def _in_array(array: ColumnElement[Any], operator: str, value: Any) -> ColumnElement[bool]:
    if operator == "$exists":
        filled: ColumnElement[bool] = func.cardinality(array) > 0
        return filled if value else ~filled
    values = value if isinstance(value, list) else [value]
    held = or_(*(literal(one) == any_(array) for one in values))
    return ~held if operator in {"$neq", "$notIn"} else held
