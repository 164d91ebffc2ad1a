"""Forms: form-js definitions read, checked, validated and made ready to show. No I/O, no HTML."""

from __future__ import annotations

from service.forms.acts import is_act
from service.forms.keeping import dossier, is_variable, puts_out, variables
from service.forms.model import Component, Entry, FieldView, Form, FormView, Option, Validation
from service.forms.posting import collect
from service.forms.reading import read
from service.forms.showing import display, formulas_in, view
from service.forms.validation import validate

__all__ = [
    "Component",
    "Entry",
    "FieldView",
    "Form",
    "FormView",
    "Option",
    "Validation",
    "collect",
    "display",
    "dossier",
    "formulas_in",
    "is_act",
    "is_variable",
    "puts_out",
    "read",
    "validate",
    "variables",
    "view",
]
