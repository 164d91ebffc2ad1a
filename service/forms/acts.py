"""Which forms somebody agrees with or signs: an answer that counts only from that very person."""

from __future__ import annotations

import re

from service.forms.model import Component, Form

ACTS = frozenset({"toestemming", "handtekening"})
NO_ACT = "geen"
# A form whose author forgot `handeling` is taken for one that is signed: the careful mistake.
_WORDS = re.compile(r"toestemming|onderteken|handtekening|instem", re.IGNORECASE)


def is_act(form: Form) -> bool:
    """Whether answering this form gives consent or a signature."""
    return any(_acts(component) for component in form.walk() if component.takes_answer)


def _acts(component: Component) -> bool:
    said = component.named("handeling")
    if said:
        return said != NO_ACT
    return bool(_WORDS.search(component.key) or _WORDS.search(component.label))
