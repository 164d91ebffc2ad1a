"""A process in which a parent or young person answers beside the school, for tests of entering for another."""

from __future__ import annotations

import json
from datetime import date

from service.domain import SYSTEM, Actor, TaskKey
from service.operations import deployments, guard, starts
from service.operations.spoken import Given
from service.operations.views import Started
from service.store import casus, households, tasks
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations import proef
from tests.operations.conftest import NOW

WORDS = "thuis-gaat-het-niet-goed-6617"
NOTE = "belde-om-kwart-over-tien-4409"
TODAY = date(2027, 1, 18)
OUTSIDE, NAME = "werkbank", "Praktijkschool De Werkbank"  # takes no part in the demo region


def files(name: str, *, act: bool = False) -> dict[str, bytes]:
    """The small regional process with the family in the lane of the doctor.

    act  the family is also asked for consent
    """
    found: dict[str, bytes] = {}
    for path, content in proef.files().items():
        if path.endswith(".form"):
            whole = json.loads(content)
            if path.endswith("onderzoek.form"):
                whole["components"] = family(act=act)
            whole["id"] = f"{name}_{whole['id']}"
            found[path.replace("forms/", f"forms/{name}_")] = json.dumps(whole).encode()
            continue
        found[path] = _renamed(path, content.decode(), name, act=act).encode()
    return found


def family(*, act: bool) -> list[dict[str, object]]:
    """What the family is asked."""
    words = [proef.text("thuis", "Z", "ouder"), proef.text("bereikbaar", "I", "ouder")]
    agree = proef.choice("akkoord", "ouder", "ja", "nee")
    agree["properties"] = {"klasse": "P", "eigenaar": "ouder", "handeling": "toestemming"}
    return [*words, *([agree] if act else [])]


def _renamed(path: str, text: str, name: str, *, act: bool) -> str:
    changed = text.replace('process id="proef"', f'process id="{name}"').replace(
        'id = "proef"', f'id = "{name}"'
    )
    changed = changed.replace('Lane_arts = ["jeugdarts"]', 'Lane_arts = ["ouder", "jeugdige"]')
    changed = changed.partition("[[verstrekking]]")[0] if path.endswith("proces.toml") else changed
    for form in ("aanmelding", "advies", "onderzoek", "besluit"):
        changed = changed.replace(f'formId="{form}"', f'formId="{name}_{form}"')
        changed = changed.replace(f'formulier = "{form}"', f'formulier = "{name}_{form}"')
    agreed = ', akkoord = "ja"' if act else ""
    return changed.replace(
        '{ conclusie = "geschikt", bevinding = "Geen." }',
        f'{{ thuis = "Gaat.", bereikbaar = "Ja."{agreed} }}',
    )


def publish() -> None:
    """Both processes."""
    with guard.working(SYSTEM) as work:
        deployments.publish(work, "namens", files("namens"), reason="proef")
        deployments.publish(work, "namensakkoord", files("namensakkoord", act=True), reason="proef")


def begin(starter: Actor, process: str = "namens", **changed: str) -> Started:
    return starts.start(starter, process, proef.started(**changed), as_html=False)


def task(started: Started, element: str) -> TaskKey:
    with transaction(SERVICE) as session:
        row = casus.by_number(session, started.casus_number)
        assert row is not None
        return TaskKey(next(t.key for t in tasks.of_casus(session, row.key) if t.element_id == element))


def parent(started: Started, key: int, custody: str = "ja") -> str:
    """Let there be a parent without an account; gives the key by which an answer is theirs."""
    with transaction(SERVICE) as session:
        row = casus.by_number(session, started.casus_number)
        assert row is not None
        person = {
            "key": key,
            "casus_key": row.key,
            "name": "Jet B.",
            "relation": "moeder",
            "custody": custody,
        }
        households.add(session, [{**person, "source": "gesprek", "told_by": 1, "since": NOW}])
    return f"persoon:{key}"


def given(**changed: object) -> Given:
    """A conversation by telephone of today."""
    said = {"whose": "rol:ouder", "source": "telefoon", "received": TODAY.isoformat(), "note": NOTE}
    return Given(**{**said, **changed})  # type: ignore[arg-type]  # each test names fields of its own


ANSWERS = {"thuis": WORDS, "bereikbaar": "na vier uur"}
