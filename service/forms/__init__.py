"""Forms: form-js definitions read, checked, validated and made ready to show. No I/O, no HTML."""

from __future__ import annotations

from service.forms.model import Component, Entry, FieldView, Form, FormView, Option, Validation

__all__ = ["Component", "Entry", "FieldView", "Form", "FormView", "Option", "Validation"]
