"""What a form is, once read: a frozen tree of typed components, and the values that leave this package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from service.domain import DataClass, Finding, Json

CHOICES = frozenset({"select", "radio", "checklist", "taglist"})
MANY = frozenset({"checklist", "taglist"})
INPUTS = frozenset({"textfield", "textarea", "number", "datetime", "checkbox"}) | CHOICES
SHOWN = frozenset({"text", "html", "separator", "spacer", "button"})  # components without an answer


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer that can be chosen."""

    value: Json  # what becomes the answer: a JSON scalar
    label: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Component:
    """One part of a form: a question, a group of questions, or something to read. Compared by identity."""

    type: str  # form-js type, e.g. "textfield"
    key: str = ""  # "" for a component without an answer
    path: str = ""  # "groep.veld"; for a child of a dynamic list without row number
    label: str = ""
    description: str = ""
    required: bool = False
    klasse: DataClass = DataClass.PROCESS
    klasse_given: bool = False  # False: nobody chose a class, P is the default
    eigenaar: str = ""  # role key of who supplies it; "" when not given
    uitvoer: bool = False  # becomes a process variable whatever its class
    subtype: str = ""  # of a datetime: "date" | "time" | "datetime"
    text: str = ""  # of text and html: what is to be read
    expression: str = ""  # of an expression: the FEEL that computes the answer
    hide: str = ""  # FEEL; true hides the component
    readonly: bool = False  # shown, never taken from what was posted
    default: Json = None
    options: tuple[Option, ...] = ()
    options_from: str = ""  # FEEL that gives the options, instead of `options`
    validation: Mapping[str, Json] = field(default_factory=dict)  # form-js `validate`
    properties: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0  # of a dynamic list: how many rows an empty form shows
    children: tuple[Component, ...] = ()

    @property
    def is_list(self) -> bool:
        return self.type == "dynamiclist"

    @property
    def takes_answer(self) -> bool:
        """Whether a person gives an answer here that the form keeps."""
        return self.type in INPUTS and bool(self.key) and not self.readonly

    def named(self, key: str) -> str:
        """The value of a form-js property, or ""."""
        return self.properties.get(key, "")


@dataclass(frozen=True, kw_only=True, eq=False)
class Form:
    """A form definition. Compared by identity: `read` gives the same object for the same bytes."""

    id: str
    title: str
    components: tuple[Component, ...]
    findings: tuple[Finding, ...] = ()
    intro: str = ""
    path: str = ""  # file it was read from, for findings

    def walk(self) -> Iterator[Component]:
        """Every component, in the order of the page."""
        yield from walk(self.components)

    def component(self, path: str) -> Component | None:
        """The component with this path; row numbers in it are ignored."""
        plain = ".".join(part for part in path.split(".") if not part.isdigit())
        return next((c for c in self.walk() if c.key and c.path == plain), None)


def walk(components: tuple[Component, ...]) -> Iterator[Component]:
    """Every component below and including `components`, in the order of the page."""
    for component in components:
        yield component
        yield from walk(component.children)


@dataclass(frozen=True, kw_only=True)
class Validation:
    """What came of a submission: the answers to keep, or what to mend."""

    answers: dict[str, Json]  # typed JSON values; complete only when there are no errors
    errors: dict[str, str]  # path with row numbers -> Dutch sentence

    @property
    def ok(self) -> bool:
        return not self.errors


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One answer on its way to the dossier."""

    path: str  # with row numbers, "geprobeerd.0.wat"
    label: str
    klasse: DataClass
    eigenaar: str
    value: Json


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """One part of a form as a page shows it."""

    path: str  # with row numbers
    name: str  # of the HTML control; the same as `path`
    type: str
    label: str = ""
    help: str = ""
    why: str = ""  # why we ask this
    required: bool = False
    value: str = ""  # as typed, or as shown when read-only
    values: tuple[str, ...] = ()  # of a checklist or taglist
    options: tuple[tuple[str, str], ...] = ()  # (value, label)
    error: str = ""
    rows: tuple[tuple[FieldView, ...], ...] = ()
    children: tuple[FieldView, ...] = ()  # of a group; of a dynamic list: one empty row
    klasse: str = "P"
    eigenaar: str = ""
    autocomplete: str = ""
    inputmode: str = ""
    readonly: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FormView:
    """A form as a page shows it; what is hidden by a condition is left out."""

    id: str
    title: str
    fields: tuple[FieldView, ...]
    errors: tuple[tuple[str, str, str], ...] = ()  # (path, label, sentence) in the order of the page
    intro: str = ""
    readonly: bool = False
