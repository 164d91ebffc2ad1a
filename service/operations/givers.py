"""Who of the family gave a consent: one parent, by an account or by name on paper, is one answer."""

from __future__ import annotations

from collections.abc import Sequence

from service.store import casus, households
from service.store.rows import Found, Session


def loose(session: Session, casus_key: int) -> list[Found]:
    """Parents who take part by an account that no person of the casus is linked to."""
    linked = {one.account_key for one in households.of_casus(session, casus_key)}
    found = casus.participants(session, casus_key)
    return [one for one in found if one.role == "ouder" and one.account_key and one.account_key not in linked]


def counting(session: Session, casus_key: int, said: Sequence[Found], people: Sequence[Found]) -> list[Found]:
    """What was said, without a yes on paper that an account which came later may have said once more.

    Who got an account after their letter, and says yes there, would else be two parents.
    """
    names = {one.key for one in people}
    on_paper = [one for one in said if one.agreed and one.giver in names]
    if not on_paper:
        return list(said)
    later = {one.account_key: one.since for one in loose(session, casus_key)}

    def twice(paper: Found) -> bool:
        return any(
            one.agreed
            and (one.about, one.domain) == (paper.about, paper.domain)
            and one.giver in later
            and later[one.giver] > paper.said_at
            for one in said
        )

    return [one for one in said if one not in on_paper or not twice(one)]
