"""A blueprint of pages: who asks is known, and forged requests are refused, before any view runs."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from service.operations import factors
from service.web import csrf, session


def pages(name: str, module: str, *, public: bool = False, may_lack_factor: bool = False) -> Blueprint:
    """A blueprint whose views run for a signed-in actor; `public` ones also for strangers.

    may_lack_factor  also for who still has to set up the second factor that their role asks
    """
    blueprint = Blueprint(name, module, template_folder="templates")
    blueprint.before_request(_take_long_texts)
    blueprint.before_request(session.load)
    if not public:
        blueprint.before_request(_require_actor)
    if not public and not may_lack_factor:
        blueprint.before_request(_require_factor)
    blueprint.before_request(csrf.protect)
    return blueprint


def _require_actor() -> None:
    session.actor()


def _require_factor() -> Response | None:
    """Who may not do without a second factor sets it up before anything else."""
    return redirect(url_for("factors.show")) if factors.lacking(session.actor()) else None


def _take_long_texts() -> None:
    """A diagram is one long form field: let a field be as long as the whole body may be."""
    request.max_form_memory_size = current_app.config.get("MAX_CONTENT_LENGTH")
