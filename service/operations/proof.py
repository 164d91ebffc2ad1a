"""Care and medical answers open only to who proved well, and lately, who they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from service.domain import Actor, DataClass
from service.errors import StepUpNeeded
from service.forms import Component, Form
from service.operations import assurance, runtime


def missing(actor: Actor, classes: Iterable[str]) -> str:
    """The level that this actor still has to prove before these classes open; "" when they may.

    A program with a token of its own is not asked: whoever made the token chose what it is for.
    """
    if actor.service or actor.scopes is not None:
        return ""
    level = assurance.requires_step_up(
        classes, actor.assurance, actor.proved_at, runtime.now(), assurance.demands()
    )
    return level.value if level is not None else ""


def opens(actor: Actor, classes: Collection[DataClass]) -> frozenset[DataClass]:
    """Those of the classes that may open now."""
    return frozenset(one for one in classes if not missing(actor, one.value))


def require(actor: Actor, classes: Iterable[str]) -> None:
    """Raises StepUpNeeded when a class asks for a surer or fresher proof."""
    level = missing(actor, classes)
    if level:
        raise StepUpNeeded(level)


def asked_by(form: Form | None) -> frozenset[str]:
    """The classes of the questions of a form."""
    return frozenset(_classes(form.components)) if form is not None else frozenset()


def _classes(components: Iterable[Component]) -> Iterable[str]:
    for one in components:
        if one.key:
            yield one.klasse.value
        yield from _classes(one.children)
