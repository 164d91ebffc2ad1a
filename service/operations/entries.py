"""What the page of a casus tells about answers that were, or may be, entered for another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.access import Permission, Resource, decide
from service.operations import behalf, catalog, offers, safety
from service.operations.guard import Work
from service.operations.opening import Opened
from service.operations.safety import Unnamed
from service.operations.spoken import BehalfRow
from service.store import behalf as rows
from service.store.rows import Found


@dataclass(frozen=True, kw_only=True)
class Entries:
    """One casus, for one reader."""

    where: behalf.Setting
    told: Mapping[int, BehalfRow]  # task -> how its answer came about
    takes_part: bool  # not by the noodknop: that opens for reading

    def may_enter(self, work: Work, step: Found) -> bool:
        """Whether this reader may enter the answer of another in this step."""
        if step.state != "CREATED" or not self.takes_part:
            return False
        process = catalog.process(work.session, step.definition_key)
        element = process.definition.elements.get(step.element_id)
        asked = offers.asked(process, element.lane if element else "", step.candidate_groups)
        own = Resource(candidates=frozenset(step.candidates), assignee=step.assignee)
        wanted = behalf.resource(own, self.where, asked, process.forms.get(step.form_id))
        return decide(work.actor, Permission.TASK_COMPLETE_ON_BEHALF, wanted).allowed


def load(work: Work, opened: Opened, unnamed: Unnamed) -> Entries:
    """Looked up once for all steps."""
    bindings = [(one.role, one.candidate) for one in opened.bindings]
    found = rows.of_casus(work.session, opened.row.key)
    return Entries(
        where=behalf.setting(work.session, opened.row, bindings),
        told={key: safety.untold(behalf.shown_row(row), unnamed) for key, row in found.items()},
        takes_part=bool(opened.roles(work)),
    )
