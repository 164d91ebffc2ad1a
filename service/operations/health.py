"""Whether the service can work: the database answers and has the migrations of this release."""

from __future__ import annotations

from service.errors import ConfigurationError
from service.operations import outgoing
from service.store import readiness


def missing() -> list[str]:
    """What is missing, in words for an operator; empty when all is well."""
    try:
        found = readiness.revision()
    except ConfigurationError as error:
        return [str(error)]
    if found is None:
        return ["database does not answer"]
    newest = readiness.newest()
    return [] if found == newest else [f"migration {newest}: the database has {found or 'none'}"]


def complaints() -> list[str]:
    """What an operator should look at while the service works: mail without a server, things that were given up."""
    return outgoing.complaints()
