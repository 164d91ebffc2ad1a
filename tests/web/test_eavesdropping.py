"""The ear that listens to all logs of a test run hears what it should."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from service.operations import sealing
from service.operations.sealing import ChildKey
from tests.eavesdropping import Ear, Pen, attach

SECRET = "Onrustig in de klas, thuis zorgen"


@pytest.mark.parametrize(
    "say",
    [
        lambda log: log.warning("answer %s", SECRET),
        lambda log: log.warning("answer", extra={"given": SECRET}),
        lambda log: log.warning("failed", exc_info=ValueError(SECRET)),
    ],
)
def test_an_answer_in_a_log_is_heard_however_it_came_there(tmp_path: Path, say: object) -> None:
    ear, log = Ear(tmp_path / "log"), logging.Logger("alone")
    ear.keep_secret([SECRET])
    pen = Pen(ear.file)
    log.addHandler(pen)
    assert callable(say)
    say(log)
    pen.close()
    (heard,) = ear.heard()
    assert heard.startswith("log holds an answer: ")
    assert SECRET not in heard


def test_an_answer_in_the_log_of_another_process_is_heard(tmp_path: Path) -> None:
    ear = Ear(tmp_path / "log", elsewhere=[tmp_path / "demo.log"])
    ear.keep_secret([SECRET])
    ear.elsewhere[0].write_text(f"x {SECRET} y", encoding="utf-8")
    assert list(ear.heard()) == ["demo.log holds an answer: x [...] y"]


def test_keys_of_choices_are_no_secrets(tmp_path: Path) -> None:
    ear = Ear(tmp_path / "log")
    ear.keep_secret(["regenboogbrug", "kort", "swv_po.samenwijs@demo.invalid"])
    assert ear.secrets == set()


def test_sealing_an_answer_teaches_the_ear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ear = Ear(tmp_path / "log")
    monkeypatch.setattr(sealing, "seal", lambda _child, plain, _place: plain)  # the real one wants a database
    pen = attach(ear)
    try:
        sealing.seal(ChildKey(subject_key=1, wrapped=b""), f'{{"a": ["{SECRET}"]}}'.encode(), "dossier_m/1/x")
        sealing.seal(ChildKey(subject_key=1, wrapped=b""), b'"iets anders dan een antwoord"', "draft/1")
    finally:
        for name in ("", "service"):
            logging.getLogger(name).removeHandler(pen)
        pen.close()
    assert ear.secrets == {SECRET}
