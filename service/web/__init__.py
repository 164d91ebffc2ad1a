"""The pages that people see: server-rendered, in Dutch, usable without JavaScript."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint

from service.web import (
    absences,
    account,
    assets,
    audit,
    behalf,
    casus,
    contacts,
    csrf,
    errors,
    factors,
    federation,
    guests,
    help,  # a page, not the built-in
    household,
    insight,
    invitations,
    letters,
    mandates,
    monitoring,
    notes,
    organisation,
    reference,
    regional,
    relocation,
    render,
    session,
    siblings,
    starts,
    studio,
    studio_files,
    tasks,
)

if TYPE_CHECKING:
    from flask import Flask, Response


def blueprints() -> tuple[Blueprint, ...]:
    """Every blueprint of the pages, each with its session and forgery check in front."""
    return (
        assets.blueprint,
        account.blueprint,
        factors.door,
        factors.blueprint,
        federation.blueprint,
        federation.notices,
        tasks.blueprint,
        behalf.blueprint,
        starts.blueprint,
        casus.blueprint,
        help.door,
        help.blueprint,
        insight.blueprint,
        household.blueprint,
        letters.blueprint,
        monitoring.blueprint,
        contacts.blueprint,
        notes.blueprint,
        relocation.blueprint,
        siblings.blueprint,
        absences.blueprint,
        mandates.blueprint,
        organisation.blueprint,
        regional.blueprint,
        invitations.door,
        guests.blueprint,
        reference.door,
        studio.blueprint,
        studio_files.blueprint,
        audit.blueprint,
    )


def register(app: Flask) -> None:
    """Put the pages on the application.

    Errors: `service.web.errors.respond` answers every exception with a page; an application that also has an API
    registers its own dispatcher after this call, which then replaces ours.
    """
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    render.register(app)
    app.register_error_handler(Exception, errors.respond)
    app.after_request(partial(_finish, app))


def _finish(app: Flask, response: Response) -> Response:
    if response.mimetype != "text/html":
        return response
    return session.harden(csrf.remember_visit(response, secure=session.secure()))
