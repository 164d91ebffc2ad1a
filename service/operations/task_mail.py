"""The task type `mail`: a letter of the process folder to who holds a role in the casus, with a link and no data."""

from __future__ import annotations

from datetime import timedelta

from service.connectors import mail
from service.connectors.mail import Mail, MailDelayed, MailRefused, NoMailServer
from service.operations import outgoing, runtime
from service.operations.errand import Errand, NotYet, Outcome, TryLater, Useless
from service.publication import letters
from service.store import notices
from service.store.scopes import WORKER
from service.store.session import transaction

PAUSE = timedelta(minutes=5)  # who greylists wants to see some minutes pass


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
    found = letters.letter(errand.headers, errand.files)
    link = outgoing.address() + (f"/casus/{errand.casus_number}" if errand.casus_number else "/taken")
    text = found.text if letters.LINK in found.text else f"{found.text}\n\n{letters.LINK}"
    return found.subject, text.replace(letters.LINK, link) + "\n"


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
