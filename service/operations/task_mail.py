"""The task type `mail`: a letter of the process folder to who holds a role in the casus, with a link and no data."""

from __future__ import annotations

import re
from datetime import timedelta

from service.connectors import mail
from service.connectors.mail import Mail, MailDelayed, MailRefused, NoMailServer
from service.operations import outgoing, runtime
from service.operations.errand import Errand, NotYet, Outcome, TryLater, Useless
from service.store import notices
from service.store.scopes import WORKER
from service.store.session import transaction

PAUSE = timedelta(minutes=5)  # who greylists wants to see some minutes pass
_LINK = "{{link}}"
_PLACE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_LONGEST_SUBJECT = 120  # signs


def do(errand: Errand) -> Outcome:
    """Mail everybody who holds the role.

    sjabloon  header: file in the process folder, `brieven/<naam>.md`; its first line, `# …`, is the subject
              without one: the headers onderwerp and tekst, for a technical process has no folder
    aan       header or input: roles of the casus, or in a technical process logins, with spaces between
    """
    try:
        subject, text = _letter(errand)
        logins = _logins(errand)
    except ValueError as error:
        return Useless(reason=str(error))
    send = mail.sender(runtime.current().settings)
    try:
        for number, login in enumerate(logins):
            send(Mail(id=f"{errand.key}.{number}", to=login, subject=subject, text=text, at=errand.made_at))
    except NoMailServer:
        return NotYet()
    except MailRefused as error:
        return Useless(reason=f"De mailserver weigert de mail ({error})")
    except MailDelayed as error:
        return TryLater(reason=f"De mail kon nog niet weg ({error})", pause=PAUSE)
    return {}


def _letter(errand: Errand) -> tuple[str, str]:
    subject, text = _template(errand) if errand.headers.get("sjabloon") else _words(errand)
    if not subject or len(subject) > _LONGEST_SUBJECT or not text:
        raise ValueError(
            "De eerste regel van het sjabloon hoort '# Onderwerp' te zijn, met daaronder de tekst"
            if errand.headers.get("sjabloon")
            else "Bij de mail horen 'sjabloon', of 'onderwerp' en 'tekst' te staan"
        )
    if set(_PLACE.findall(subject + text)) - {_LINK}:
        raise ValueError("In een mail mag alleen {{link}} worden ingevuld: gegevens horen niet in mail")
    link = outgoing.address() + (f"/casus/{errand.casus_number}" if errand.casus_number else "/taken")
    return subject, (text.replace(_LINK, link) if _LINK in text else f"{text}\n\n{link}") + "\n"


def _words(errand: Errand) -> tuple[str, str]:
    """Headers stand in the diagram; an input could bring data, so it does not count here."""
    return errand.headers.get("onderwerp", "").strip(), errand.headers.get("tekst", "").strip()


def _template(errand: Errand) -> tuple[str, str]:
    path = errand.headers.get("sjabloon", "")
    content = errand.files.get(path)
    if content is None or not path.startswith("brieven/"):
        raise ValueError("Bij 'sjabloon' hoort een bestand uit de map brieven te staan")
    head, _, body = content.decode("utf-8", "replace").replace("\r\n", "\n").strip().partition("\n")
    return head[2:].strip() if head.startswith("# ") else "", body.strip()


def _logins(errand: Errand) -> list[str]:
    wanted = errand.told("aan")
    names = wanted.split() if isinstance(wanted, str) else []
    if not names:
        raise ValueError("Bij 'aan' hoort een rol te staan")
    with transaction(WORKER) as session:
        if errand.casus_number:
            candidates = [one.candidate for one in errand.bindings if one.role in names]
        else:
            candidates = [f"user:{name}" for name in names]
        found = sorted({login for _, _, login in notices.people(session, candidates) if "@" in login})
    if not found:
        raise ValueError("Niemand met een mailadres heeft deze rol")
    return found
