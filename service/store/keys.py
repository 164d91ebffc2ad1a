"""Which master key closed what: the service's own data keys, and every column that a rotation closes anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, func, select, text, type_coerce, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.store import closed, crypto
from service.store.rows import Found
from service.store.tables import instance, service_key


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column with values that a master key closed."""

    name: str  # as an operator reads it
    purpose: str  # of the master key: wrap | seal
    table: str
    identity: tuple[str, ...]  # columns that tell a row
    value: str  # SQL of the closed bytes
    assign: str  # SQL that puts other bytes there
    where: str = "true"


def _plain(name: str, purpose: str, table: str, identity: tuple[str, ...], value: str) -> Column:
    return Column(
        name=name, purpose=purpose, table=table, identity=identity, value=value, assign=f"{value} = :sealed"
    )


#: Everything that is not under a child's key or a key of the service; a new sealed column belongs here.
COLUMNS = (
    _plain("service_key", "wrap", "service_key", ("name",), "wrapped"),
    _plain("subject", "wrap", "subject", ("key",), "wrapped_key"),
    _plain("task_draft", "seal", "task_draft", ("task_key", "account_key"), "sealed"),
    _plain("idempotency", "seal", "idempotency", ("key_hash",), "sealed_result"),
    _plain("message", "seal", "message", ("key",), "sealed"),
    _plain("sign_in_request", "seal", "sign_in_request", ("state_hash",), "sealed"),
    _plain("second_factor", "seal", "second_factor", ("account_key",), "sealed"),
    _plain("external_session", "seal", "external_session", ("token_hash",), "id_token"),
    Column(
        name="queue",
        purpose="seal",
        table="procrastinate_jobs",
        identity=("id",),
        value="decode(args->>'sealed', 'hex')",
        assign="args = jsonb_set(args, '{sealed}', to_jsonb(encode(:sealed, 'hex')))",
        where="args ? 'sealed' AND status IN ('todo', 'doing')",
    ),
)

_AS = text("SELECT set_config('sluitend.account', :account, true)")


def of_service(session: Session, name: str) -> bytes | None:
    """A data key of the service, wrapped; None when it was never made."""
    found = session.execute(select(service_key.c.wrapped).where(service_key.c.name == name)).scalar()
    return None if found is None else bytes(found)


def keep(session: Session, name: str, wrapped: bytes, at: datetime) -> bytes:
    """Keep a new data key of the service; gives the one that is kept, which another process may have made first."""
    row = insert(service_key).values(name=name, wrapped=wrapped, made_at=at)
    session.execute(row.on_conflict_do_nothing(index_elements=["name"]))
    return of_service(session, name) or wrapped


def everyone_of_service(session: Session) -> Sequence[Found]:
    """All data keys of the service, wrapped."""
    return session.execute(select(service_key.c.name, service_key.c.wrapped)).all()


def count(session: Session, column: Column) -> dict[str, int]:
    """How many values each master key closed, by its id; "" for values of before keys had names."""
    length = len(crypto.label("")) - 1
    marked = f"substring(v from 1 for {length}) = :mark"
    name = f"encode(substring(v from {length + 2} for get_byte(v, {length})), 'escape')"
    found = session.execute(
        text(
            f"SELECT CASE WHEN {marked} THEN {name} ELSE '' END AS id, count(*) AS n"  # noqa: S608  # names of COLUMNS
            f" FROM (SELECT {column.value} AS v FROM {column.table} WHERE {column.where}) AS held"
            " WHERE v IS NOT NULL GROUP BY 1"
        ),
        {"mark": crypto.label("")[:length]},
    )
    return {row.id: row.n for row in found}


def others(session: Session, column: Column, master_id: str, limit: int) -> Sequence[Found]:
    """Some rows that another master closed, locked; identity first, `sealed` last."""
    label = crypto.label(master_id)
    return session.execute(
        text(
            f"SELECT {', '.join(column.identity)}, {column.value} AS sealed FROM {column.table}"  # noqa: S608  # names of COLUMNS
            f" WHERE {column.where} AND {column.value} IS NOT NULL"
            f" AND substring({column.value} from 1 for :length) <> :label LIMIT :limit FOR UPDATE"
        ),
        {"length": len(label), "label": label, "limit": limit},
    ).all()


def put(session: Session, column: Column, row: Found, sealed: bytes) -> None:
    """Put the value back as another master closed it; a draft in the name of its author, as row-level security wants."""
    if "account_key" in column.identity:
        session.execute(_AS, {"account": str(row.account_key)})
    same = " AND ".join(f"{name} = :{name}" for name in column.identity)
    session.execute(
        text(f"UPDATE {column.table} SET {column.assign} WHERE {same}"),  # noqa: S608  # names of COLUMNS
        {name: getattr(row, name) for name in column.identity} | {"sealed": sealed},
    )


_IN_CLEAR = func.substring(type_coerce(instance.c.state, LargeBinary), 1, len(closed.MARK)) != type_coerce(
    closed.MARK, LargeBinary
)


def states_in_clear(session: Session) -> int:
    """How many instances have a state of before states were sealed."""
    return session.execute(select(func.count()).select_from(instance).where(_IN_CLEAR)).scalar_one()


def seal_states(session: Session, limit: int) -> int:
    """Seal some of them; gives how many."""
    found = session.execute(
        select(instance.c.key, instance.c.state).where(_IN_CLEAR).limit(limit).with_for_update()
    ).all()
    for row in found:
        session.execute(update(instance).where(instance.c.key == row.key).values(state=row.state))
    return len(found)
