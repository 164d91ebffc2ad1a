"""The burgerservicenummer: for who has a ground in a casus of their own, masked, and each look written down."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from service.clock import PinnedClock
from service.domain import SYSTEM, Actor, SubjectKey
from service.errors import BadRequest, ConfigurationError, NotFound, ServiceError
from service.operations import audit, bsn, starts
from service.store import casus as casus_rows
from service.store.scopes import SERVICE, WORKER, Scope
from service.store.session import transaction
from tests.operations import proef
from tests.operations.conftest import person

NUMBER = "111222333"  # the well-known test number: passes the elfproef, is nobody's
OTHER = "123456782"
REASON = "Kennisgeving vrijstelling doen"


@pytest.fixture
def subject(ouder: Actor, clock: PinnedClock) -> SubjectKey:
    started = starts.start(ouder, "proef", proef.started(), as_html=False)
    with transaction(SERVICE) as session:
        row = casus_rows.by_number(session, started.casus_number)
    assert row is not None
    return SubjectKey(row.subject_key)


@pytest.fixture
def kept(subject: SubjectKey, ib: Actor) -> SubjectKey:
    bsn.put(ib, subject, NUMBER, "Paspoort gezien")
    return subject


@pytest.mark.parametrize(
    ("given_", "kept_as"),
    [
        ("111222333", "111222333"),
        ("123456782", "123456782"),
        ("1112.22.333", "111222333"),
        (" 111 222-333 ", "111222333"),
        ("10000008", "010000008"),  # eight digits: the leading zero that a form left out
        ("010000008", "010000008"),
    ],
)
def test_a_number_is_kept_as_nine_digits(given_: str, kept_as: str) -> None:
    assert bsn.normal(given_) == kept_as


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "111222334",
        "1112223333",
        "1234567",
        "000000000",
        "00000000",
        "11122233a",
        "١١١٢٢٢٣٣٣",
        "101222331x",
    ],
)
def test_what_is_no_bsn_is_refused_and_not_repeated(wrong: str) -> None:
    with pytest.raises(BadRequest) as refused:
        bsn.normal(wrong)
    assert refused.value.field == "bsn"
    assert not wrong or wrong not in str(refused.value)


@given(st.integers(1, 99_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_never_passes(start: int, place: int, more: int) -> None:
    """What the elfproef is for: weights below eleven find each single mistake."""
    digits = next((f"{start:08d}{last}" for last in range(10) if bsn._passes(f"{start:08d}{last}")), None)
    if digits is None:
        return
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
    assert not bsn._passes(wrong)


def test_who_has_a_ground_sees_a_mask_and_for_a_reason_the_number(kept: SubjectKey, arts: Actor) -> None:
    shown = bsn.masked(arts, kept)
    assert shown is not None
    assert shown.text == "*******33"
    assert bsn.reveal(arts, kept, REASON) == NUMBER


def test_each_look_is_in_the_access_log_with_its_reason(
    kept: SubjectKey, auditor: Actor, arts: Actor
) -> None:
    bsn.masked(arts, kept)
    for count in (1, 2):
        bsn.reveal(arts, kept, REASON)
        lines = [one for one in audit.access(auditor, str(kept), arts.login) if REASON in one["ground"]]
        assert len(lines) == count
    assert lines[0]["role"] == "jeugdarts"
    assert lines[0]["object_kind"] == "bsn"
    assert "grondslag" in lines[0]["ground"]
    assert NUMBER not in repr(audit.access(auditor, str(kept), ""))


def test_without_a_line_in_the_log_there_is_no_number(kept: SubjectKey, arts: Actor) -> None:
    """The number is given after the commit of the line: when the log refuses, nothing comes out."""
    without_log = replace(arts, session="\0")
    with pytest.raises(ServiceError):
        bsn.reveal(without_log, kept, REASON)


@pytest.mark.parametrize(
    "login",
    [
        "school_ib.klaverveld",  # has a ground, but no casus of this child
        "swv_po.samenwijs",  # takes part, but has no ground
        "ouder.wilgenveen",
        "beheer.zilverbeek",
        "procesregisseur.zilverbeek",
        "school_ib.regenboogbrug",  # may write, not read
    ],
)
def test_who_has_no_ground_gets_the_answer_of_what_does_not_exist(
    kept: SubjectKey, login: str, auditor: Actor
) -> None:
    actor = person(login)
    for ask in (bsn.reveal, lambda who, key, _reason: bsn.masked(who, key)):
        with pytest.raises(NotFound):
            ask(actor, kept, REASON)
    with pytest.raises(NotFound):
        bsn.reveal(actor, SubjectKey(kept + 1), REASON)
    assert not any(
        one["allowed"] and one["action"] == "R" for one in audit.access(auditor, str(kept), actor.login)
    )


def test_a_role_alone_is_no_ground() -> None:
    """The organisation's kind counts too: these take part and do without the number."""
    decided = bsn.grounds()
    assert "jgz" in decided.kinds
    assert not decided.kinds & {"aanbieder", "kinderopvang", "swv_po", "swv_vo", "wijkteam", "regio"}


@pytest.mark.parametrize(
    "reason", ["", "kort", "         .", f"nummer {NUMBER} nodig", "nummer 1112.22.333 nodig"]
)
def test_a_reason_says_something_and_is_no_number(kept: SubjectKey, reason: str, arts: Actor) -> None:
    with pytest.raises(BadRequest) as refused:
        bsn.reveal(arts, kept, reason)
    assert refused.value.field == "reden"


def test_a_number_is_replaced_and_erased(kept: SubjectKey, ib: Actor, arts: Actor) -> None:
    bsn.put(ib, kept, OTHER, "Verbeterd na controle")
    assert bsn.reveal(arts, kept, REASON) == OTHER
    assert bsn.erase(arts, kept, "Verwerking is afgelopen")
    assert not bsn.erase(arts, kept, "Verwerking is afgelopen")
    assert bsn.masked(arts, kept) is None
    with pytest.raises(NotFound):
        bsn.reveal(arts, kept, REASON)


def test_the_service_alone_looks_whether_a_child_is_known(kept: SubjectKey, ib: Actor) -> None:
    assert kept in bsn.holders(SYSTEM, "1112 22 333")
    assert bsn.holders(SYSTEM, OTHER) == ()
    with pytest.raises(NotFound):
        bsn.holders(ib, NUMBER)


def test_the_vault_shows_no_list_to_anybody(kept: SubjectKey, ib: Actor) -> None:
    everybody = (SERVICE, WORKER, Scope(kind="person", account=ib.account, candidates=ib.candidates))
    for scope in everybody:
        with transaction(scope) as session:
            assert session.execute(text("SELECT count(*) FROM vault.bsn")).scalar_one() == 0
            assert session.execute(text("DELETE FROM vault.bsn RETURNING 1")).all() == []


def test_the_vault_holds_the_number_sealed_and_shut_after_each_look(
    kept: SubjectKey, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), transaction(SERVICE) as session:
        session.execute(text("SELECT set_config('sluitend.vault', :key, true)"), {"key": str(kept)})
        row = session.execute(text("SELECT b::text FROM vault.bsn AS b")).scalar_one()
    assert NUMBER not in row
    assert NUMBER.encode().hex() not in row
    assert NUMBER not in caplog.text


def test_without_a_section_in_the_region_nobody_has_a_ground(tmp_path: Path) -> None:
    nothing = bsn._grounds(tmp_path / "regio.toml")
    assert (nothing.kinds, nothing.reading, nothing.writing) == (frozenset(),) * 3


def test_a_section_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "regio.toml").write_text('[bsn]\nlezen = "lpa"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError):
        bsn._grounds(tmp_path / "regio.toml")
