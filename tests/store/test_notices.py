"""Up to which task people were told."""

from __future__ import annotations

from service.store import notices
from service.store.scopes import WORKER
from service.store.session import transaction
from tests.databases import Database


def test_a_site_that_upgrades_tells_nobody_of_what_waits_already(database: Database) -> None:
    with transaction(WORKER) as session:
        assert notices.lock_mark(session, 77) == 77
    with transaction(WORKER) as session:
        assert notices.lock_mark(session, 99) == 77
        notices.tell(session, {notices.EVERYBODY: 80, 5: 70})
        assert notices.lock_mark(session, 99) == 80
        assert notices.told(session, [5, 6]) == {5: 70}
