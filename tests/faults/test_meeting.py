"""People, timers and commands that meet on one instance: one wins, the others hear so, nothing is done twice."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.api.client import FORM, Answer, one_task
from tests.faults import own
from tests.faults.own import Installation

pytestmark = pytest.mark.xdist_group("faults")
PEOPLE = 16


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with own.installation(tmp_path_factory.mktemp("meeting")) as made:
        deployed = made.client.deploy(een_taak_bpmn=one_task(), vraag_form=FORM)
        assert deployed.status == 200, deployed.body
        yield made


def completed(site: Installation, key: str) -> int:
    [(count,)] = site.rows(
        "SELECT count(*) FROM fact WHERE instance_key = %s AND payload::text LIKE '%%task:completed%%'",
        int(key),
    )
    assert isinstance(count, int)
    return count


def meet(site: Installation, rounds: int) -> list[float]:
    """So many times all complete one task at a barrier; gives the seconds that each of them waited."""
    waited: list[float] = []
    for _ in range(rounds):
        key, task = site.begin()

        def attempt(_number: int, task: str = task) -> Answer:
            began = time.perf_counter()
            answer = site.complete(task)
            waited.append(time.perf_counter() - began)
            return answer

        found = own.at_once(PEOPLE, attempt)
        assert all(isinstance(one, Answer) for one in found), found
        statuses = Counter(one.status for one in found if isinstance(one, Answer))
        assert statuses == {204: 1, 409: PEOPLE - 1}, statuses
        lost = next(one for one in found if isinstance(one, Answer) and one.status == 409).json()
        assert (lost["by"], lost["state"]) == ("Koppeling", "COMPLETED")
        assert completed(site, key) == 1
    return waited


def test_sixteen_people_at_a_barrier_have_one_winner_each_round(site: Installation) -> None:
    waited = meet(site, 10)
    assert max(waited) < 5


@pytest.mark.long
def test_sixteen_people_at_a_barrier_two_hundred_rounds(site: Installation) -> None:
    waited = meet(site, 200)
    high = statistics.quantiles(waited, n=100)[98]
    print(f"p50 {statistics.median(waited) * 1000:.0f} ms, p99 {high * 1000:.0f} ms")  # noqa: T201  # the figure is wanted
    assert max(waited) < 5


def test_who_cancels_and_who_completes_never_both_win(site: Installation) -> None:
    for _ in range(10):
        key, task = site.begin()

        def attempt(number: int, key: str = key, task: str = task) -> Answer:
            if number % 2:
                return site.client.call("POST", f"/v2/process-instances/{key}/cancellation")
            return site.complete(task)

        found = own.at_once(4, attempt)
        assert all(isinstance(one, Answer) and one.status in {204, 404, 409} for one in found), found
        won = [number for number, one in enumerate(found) if isinstance(one, Answer) and one.status == 204]
        assert won
        assert len({number % 2 for number in won}) == 1 or completed(site, key) == 0, found
        [(state,)] = site.rows("SELECT state FROM user_task WHERE key = %s", int(task))
        assert state == ("CANCELED" if won[0] % 2 else "COMPLETED")


def test_a_request_that_is_sent_again_has_one_effect_and_the_same_answer(site: Installation) -> None:
    key, task = site.begin()
    name = {"Idempotency-Key": "nog-een-keer"}
    found = [site.complete(task, **name) for _ in range(3)]
    assert [one.status for one in found] == [204, 204, 204]
    assert completed(site, key) == 1
