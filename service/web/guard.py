"""A blueprint of pages: who asks is known, and forged requests are refused, before any view runs."""

from __future__ import annotations

from flask import Blueprint, current_app, request

from service.web import csrf, session


def pages(name: str, module: str, *, public: bool = False) -> Blueprint:
    """A blueprint whose views run for a signed-in actor; `public` ones also for strangers."""
    blueprint = Blueprint(name, module, template_folder="templates")
    blueprint.before_request(_take_long_texts)
    blueprint.before_request(session.load)
    if not public:
        blueprint.before_request(_require_actor)
    blueprint.before_request(csrf.protect)
    return blueprint


def _require_actor() -> None:
    session.actor()


def _take_long_texts() -> None:
    """A diagram is one long form field: let a field be as long as the whole body may be."""
    request.max_form_memory_size = current_app.config.get("MAX_CONTENT_LENGTH")
