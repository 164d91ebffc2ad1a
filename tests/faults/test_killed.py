"""kill -9 of web, worker and database right after a submit was acknowledged: the step is done exactly once."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import site as sites
from tests.journeys import people
from tests.site import Site

PROCESSES = {
    "web": r"gunicorn",
    "worker": r"service\.worker",
    "database": r"bin/postgres -D",
}


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that nobody else uses: it is about to be killed."""
    with sites.demo(sites.passable(tmp_path_factory.mktemp("faults")) / "data") as running:
        yield running


def _kill(site: Site, pattern: str) -> int:
    killed = site.pids(pattern)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    return len(killed)


def _wait_until_usable(site: Site) -> None:
    """The demo starts what was killed again; a page that reads the database tells when it is there."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if people.sign_in(site, "ouder.oosterlaar").get("/taken").status == 200:
                return
        except (OSError, AssertionError, StopIteration):
            time.sleep(0.2)  # other processes are starting: their answer is the only signal
    raise TimeoutError(site.output.read_text(encoding="utf-8")[-3000:])


def _received(site: Site, number: str) -> tuple[int, bool]:
    """How often the casus shows the step as done, and whether the next step is open."""
    page = people.sign_in(site, "swv_po.samenwijs").get(f"/casus/{number}")
    rows = page.tree.xpath("//ol[contains(@class, 's-steps')]/li")
    done = [
        row
        for row in rows
        if "--completed" in row.get("class") and "Ontvangst en route" in row.text_content()
    ]
    following = any("Advies van het SWV" in row.text_content() for row in rows)
    return len(done), following


@pytest.mark.parametrize("part", sorted(PROCESSES))
@pytest.mark.xdist_group("faults")
def test_a_kill_right_after_a_submit_loses_and_repeats_nothing(own_site: Site, part: str) -> None:
    number = people.apply(own_site, "ouder.wilgenveen", "Vos")
    people.receive(own_site, number)  # acknowledged: the page said so
    assert _kill(own_site, PROCESSES[part]) > 0
    _wait_until_usable(own_site)
    assert _received(own_site, number) == (1, True)
    with pytest.raises(LookupError):
        people.find_task(people.sign_in(own_site, "swv_po.samenwijs"), number, "Ontvangst en route")


@pytest.mark.xdist_group("faults")
def test_a_whole_site_that_is_killed_starts_again_with_everything_there(tmp_path: Path) -> None:
    data = sites.passable(tmp_path) / "data"
    with sites.demo(data) as first:
        number = people.apply(first, "ouder.wilgenveen", "Sef")
        people.receive(first, number)
        first.process.kill()
        for pattern in PROCESSES.values():
            _kill(first, pattern)
    with sites.demo(data) as second:
        assert _received(second, number) == (1, True)
