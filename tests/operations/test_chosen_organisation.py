"""A task may name a role at one organisation: that organisation joins the casus, and the others with that role wait."""

from __future__ import annotations

import pytest

from service.domain import SYSTEM, Actor
from service.errors import NotFound
from service.operations import casussen, deployments, guard, starts, tasks
from service.operations.views import Started
from tests.operations import proef
from tests.operations.conftest import person

NAMED = '<zeebe:formDefinition formId="advies" /><zeebe:assignmentDefinition candidateGroups="{}" />'


@pytest.fixture
def receiver(ouder: Actor) -> Actor:
    return person("school_ib.veldzicht")


def begin(ouder: Actor, groups: str) -> Started:
    """A case of the small process in which the school's task names these groups."""
    changed = {
        path: content.replace(b'id="proef"', b'id="elders"')
        .replace(b'"proef"', b'"elders"')
        .replace(b'<zeebe:formDefinition formId="advies" />', NAMED.format(groups).encode())
        for path, content in proef.files().items()
    }
    with guard.working(SYSTEM) as work:
        deployments.publish(work, "elders", changed, reason="proef")
    return starts.start(ouder, "elders", proef.started(), as_html=False)


def offered(actor: Actor, casus: Started) -> set[str]:
    return {t.name for t in tasks.mine(actor, limit=500).tasks if t.casus_number == casus.casus_number}


def test_a_task_for_a_role_at_one_organisation_is_offered_there_and_nowhere_else(
    ouder: Actor, ib: Actor, receiver: Actor
) -> None:
    casus = begin(ouder, "=&#34;school_ib@veldzicht&#34;")
    assert offered(receiver, casus) == {"Advies geven"}
    assert offered(ib, casus) == set()


def test_the_chosen_organisation_takes_part_from_then_on(ouder: Actor, receiver: Actor) -> None:
    casus = begin(ouder, "=&#34;school_ib@veldzicht&#34;")
    joined = {one.organisation_name for one in casussen.view(receiver, casus.casus_number).participants}
    assert "Veldzicht College" in joined


def test_a_role_that_is_not_of_the_lane_gets_nothing(ouder: Actor, arts: Actor) -> None:
    casus = begin(ouder, "=&#34;jeugdarts@ggd&#34;")
    assert "Advies geven" not in offered(arts, casus)


def test_an_organisation_that_does_not_exist_joins_nothing(ouder: Actor, receiver: Actor) -> None:
    casus = begin(ouder, "=&#34;school_ib@nergens&#34;")
    with pytest.raises(NotFound):
        casussen.view(receiver, casus.casus_number)
