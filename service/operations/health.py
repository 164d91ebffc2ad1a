"""Whether the service can work: the database answers and has the migrations of this release."""

from __future__ import annotations

from service.errors import ConfigurationError
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
