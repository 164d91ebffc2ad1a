"""What operations give back to the doors: frozen values, ready to show or serialise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from service.domain import CasusKey, DefinitionKey, DeploymentKey, Finding, InstanceKey, Json, TaskKey
from service.forms import FormView
from service.operations.outlooks import LetterRow, LinkedRow, PersonRow, SiblingRow, TimelineRow
from service.operations.spoken import BehalfRow, Given, Whose


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """A task in a list."""

    key: TaskKey
    name: str
    process_name: str
    casus_number: str  # "" for a technical process
    subject_name: str  # "Noor B."; "" where there is none
    role: str  # role key that may do it
    organisation_name: str
    state: str  # CREATED | COMPLETED | CANCELED
    assignee_name: str  # "" when nobody took it
    due_at: datetime | None
    late: bool
    created_at: datetime
    behalf: bool = False  # taken by an absent colleague for whom the reader stands in


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """One page of tasks, sorted by deadline."""

    tasks: tuple[TaskRow, ...]
    total: int  # counted up to 1000


@dataclass(frozen=True, kw_only=True)
class TaskView:
    """A task opened to be done."""

    row: TaskRow
    form: FormView
    instance_key: InstanceKey
    casus: CasusHead | None
    draft_saved_at: datetime | None
    completed_by: str  # display name; "" while open
    completed_at: datetime | None
    behalf: BehalfRow | None = None  # for whom it was answered, where somebody else entered it
    spoken_for: bool = False  # whether that was the reader
    may_object: bool = False  # whether it was another than the reader who entered it


@dataclass(frozen=True, kw_only=True)
class BehalfView:
    """A task opened to enter the answer of another."""

    task: TaskView
    choices: tuple[Whose, ...]  # whose answer it may be
    given: Given  # what was typed about it
    wrong: Mapping[str, str]  # field of `given` -> what is wrong with it
    act: bool  # the answer gives consent or a signature
    sources: tuple[str, ...]  # kinds of source that it may come from


@dataclass(frozen=True, kw_only=True)
class Completed:
    """What a completion led to."""

    task_key: TaskKey
    instance_key: InstanceKey
    casus_number: str
    next_tasks: tuple[TaskRow, ...]  # tasks of this casus that this actor may do now
    ended: bool  # the process instance reached its end


@dataclass(frozen=True, kw_only=True)
class ProcessCard:
    """A process that this actor may start."""

    process_id: str
    name: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class StartView:
    """A start form, opened to be filled in."""

    process_id: str
    name: str
    purpose: str
    form: FormView


@dataclass(frozen=True, kw_only=True)
class Started:
    """A new instance."""

    instance_key: InstanceKey
    casus_number: str  # "" for a technical process


@dataclass(frozen=True, kw_only=True)
class CasusHead:
    """A casus in one line."""

    key: CasusKey
    number: str
    subject_name: str
    process_names: tuple[str, ...]
    status: str  # LOPEND | AFGEROND | INGETROKKEN
    waiting_for: str  # Dutch sentence, e.g. "Wacht op de jeugdarts, uiterlijk 14 maart 2027"
    created_at: datetime
    next_due_at: datetime | None
    late: bool


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """One step of a process in a casus: done, under way or cancelled. The first is how it began."""

    element: str  # BPMN element id
    name: str
    role: str
    organisation_name: str
    state: str  # CREATED | COMPLETED | CANCELED
    since: datetime
    ended_at: datetime | None
    ended_by: str
    due_at: datetime | None
    late: bool
    task_key: TaskKey | None  # set when this actor may open it
    behalf_key: TaskKey | None = None  # set when this actor may enter the answer of another
    behalf: BehalfRow | None = None  # for whom it was answered, where somebody else entered it


@dataclass(frozen=True, kw_only=True)
class ParticipantRow:
    """Who holds which role in a casus."""

    role: str
    organisation_name: str
    person_name: str
    contact: str


@dataclass(frozen=True, kw_only=True)
class DossierRow:
    """One answer that this actor may read."""

    label: str
    value: str  # as shown
    klasse: str  # I O Z M P
    owner: str  # organisation or role that supplied it
    form_name: str
    entered_at: datetime


@dataclass(frozen=True, kw_only=True)
class ProcessInCasus:
    """One process of a casus."""

    instance_key: InstanceKey
    definition_key: DefinitionKey
    process_id: str
    name: str
    version: int
    status: str
    outcome: str  # name of the end event, "" while running
    started_at: datetime
    steps: tuple[StepRow, ...]
    ended_at: datetime | None = None  # None while running


@dataclass(frozen=True, kw_only=True)
class CasusView:
    """A casus as this actor may see it."""

    head: CasusHead
    birth_date: date | None  # None when this actor may not see identity
    processes: tuple[ProcessInCasus, ...]
    participants: tuple[ParticipantRow, ...]
    dossier: tuple[DossierRow, ...]
    proof_asked: str = ""  # level that has to be proved before the rest opens
    hidden_classes: tuple[str, ...]  # data classes that exist here but that this actor may not read
    linked: tuple[LinkedRow, ...] = ()  # other casussen about this child
    people: tuple[PersonRow, ...] = ()  # around the child
    directs: bool = False  # whether this actor directs the casus
    timeline: tuple[TimelineRow, ...] = ()  # what happened, newest first
    siblings: tuple[SiblingRow, ...] = ()  # linked, for who directs alone
    policy: bool = False  # about policy: there is no person, no family
    letters: tuple[LetterRow, ...] = ()  # for this actor, newest first
    may_note: bool = False  # whether this actor may write notes here
    former: bool = False  # whether this actor took part before and sees only what they supplied
    may_audit: bool


@dataclass(frozen=True, kw_only=True)
class ProcessRow:
    """A process in the owner's overview."""

    process_id: str
    name: str
    purpose: str
    version: int  # 0 when never published
    published_at: datetime | None
    running_by_version: Mapping[int, int]
    concept_saved_at: datetime | None
    concept_saved_by: str
    findings: int  # findings of the concept, else of the published version


@dataclass(frozen=True, kw_only=True)
class ConceptView:
    """A concept (or, without one, the published version) opened by its owner."""

    process_id: str
    name: str
    version: int
    revision: int  # 0 when there is no concept yet; sent back with every save
    files: Mapping[str, bytes]  # path -> content; "proces.bpmn" is the diagram
    saved_at: datetime | None
    saved_by: str


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A saved concept."""

    process_id: str
    revision: int
    saved_at: datetime


@dataclass(frozen=True, kw_only=True)
class Published:
    """A published version."""

    process_id: str
    version: int
    deployment_key: DeploymentKey
    definition_key: DefinitionKey
    unchanged: bool  # the content was published before; nothing was made
    findings: tuple[Finding, ...]  # warnings that did not refuse it


@dataclass(frozen=True, kw_only=True)
class StoryRow:
    """One fact of the history as an auditor reads it."""

    seq: int
    at: datetime
    kind: str
    element: str
    element_name: str
    who: str  # account name, or "Sluitend"
    role: str
    organisation: str
    data: Mapping[str, Json]


@dataclass(frozen=True, kw_only=True)
class Story:
    """The history of one instance with the diagram it ran on."""

    instance_key: InstanceKey
    definition_key: DefinitionKey
    process_id: str
    process_name: str
    version: int
    casus_number: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    rows: tuple[StoryRow, ...]
    elements: Mapping[str, int]  # element or flow id -> how often taken
    order: tuple[str, ...]  # element and flow ids in the order they were taken
    open_elements: tuple[str, ...]  # elements that hold a token now
    intact: bool  # the chain was verified just now


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """An instance in the auditor's list."""

    instance_key: InstanceKey
    casus_number: str
    process_name: str
    version: int
    status: str
    outcome: str
    started_at: datetime
    ended_at: datetime | None
    facts: int
