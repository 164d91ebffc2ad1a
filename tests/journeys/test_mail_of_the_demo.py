"""The demo needs no mail server: what it would send lies in a folder, with links that work."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.journeys import people
from tests.site import Site, Visitor

_SECONDS = 15  # for the worker to carry it


def _mail_to(site: Site, address: str) -> EmailMessage:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        for file in (site.data / "mail").glob("*.eml"):
            found = message_from_bytes(file.read_bytes(), policy=policy.default)
            assert isinstance(found, EmailMessage)
            if found["To"] == address:
                return found
        time.sleep(0.1)
    raise TimeoutError(f"no mail came in {_SECONDS} s")


def test_an_invitation_lies_in_the_folder_and_its_link_leads_in(site: Site) -> None:
    wilma = people.sign_in(site, "org_beheer.regenboogbrug")
    page = wilma.get("/organisatie/regenboogbrug")
    form = next(form for form in page.forms() if "login" in form.fields and "name" in form.fields)
    given = {"login": "esther.demo@demo.invalid", "name": "Esther V.", "rollen": "school_ib"}
    shown = wilma.submit(page, form, given)
    assert "De link is onderweg per e-mail" in shown.words()
    mail = _mail_to(site, "esther.demo@demo.invalid")
    (link,) = re.findall(r"http://\S+", mail.get_content())
    assert link.startswith(f"{site.address}/uitnodiging/")
    assert Visitor(site.address).get(link.removeprefix(site.address)).status == 200
    assert "Esther" not in mail.as_string()


def test_the_site_says_that_nothing_is_stuck(site: Site) -> None:
    answer = Visitor(site.address).get("/health/ready")
    assert '"complaints":[]' in answer.text.replace(" ", "")
