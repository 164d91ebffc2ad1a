"""The permission that each address asks for. A route that is not here fails a test: no address opens by accident.

The decision itself is made where the resource is known, in service.operations; here stands which one it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from service.access.permissions import Permission


class Door(StrEnum):
    """Addresses that ask for no permission."""

    PUBLIC = "iedereen"  # signing in, health, built files: tells nothing about anybody
    SIGNED_IN = "ieder met een account"  # shows only what is the person's own, found by their own names


P = Permission
ROUTES: Mapping[str, Permission | Door] = MappingProxyType(
    {
        "absences.record": P.ABSENCE_RECORD,
        "absences.revoke": P.ABSENCE_RECORD,
        "absences.show": Door.SIGNED_IN,
        "account.enter": Door.PUBLIC,
        "account.front": Door.PUBLIC,
        "account.leave": Door.PUBLIC,
        "account.leaving": Door.PUBLIC,
        "account.sign_in": Door.PUBLIC,
        "account.stay": Door.PUBLIC,
        "api-docs.openapi_json": Door.PUBLIC,
        "assets.built": Door.PUBLIC,
        "audit.access": P.ACCESS_LOG_READ,
        "auditor.ask": P.STORY_READ,
        "auditor.read": P.STORY_READ,
        "auditor.search": P.HISTORY_SEARCH,
        "casus.diagram": Door.SIGNED_IN,  # what the region agreed on is no secret; it holds no case
        "casus.mine": Door.SIGNED_IN,
        "casus.show": P.CASUS_READ,
        "code.ask_code": Door.PUBLIC,
        "code.give_code": Door.PUBLIC,
        "factors.change": Door.SIGNED_IN,
        "factors.show": Door.SIGNED_IN,
        "federation.arrive": Door.PUBLIC,
        "federation.depart": Door.PUBLIC,
        "federation.prove": Door.PUBLIC,
        "federation.signed_out": Door.PUBLIC,
        "federation.surer": Door.PUBLIC,
        "health.live": Door.PUBLIC,
        "health.ready": Door.PUBLIC,
        "household.change": P.HOUSEHOLD_CHANGE,
        "household.show": P.HOUSEHOLD_CHANGE,
        "insight.button": P.EMERGENCY_USE,
        "insight.consent": P.CASUS_READ,
        "insight.decide": P.MATCH_DECIDE,
        "insight.likely": Door.SIGNED_IN,
        "insight.press": P.EMERGENCY_USE,
        "insight.review": P.EMERGENCY_REVIEW,
        "insight.reviewed": P.EMERGENCY_REVIEW,
        "insight.say": P.CASUS_READ,
        "insight.substitute": P.CASUS_READ,
        "insight.substitution": P.CASUS_READ,
        "insight.who_can": P.CASUS_READ,
        "insight.who_looked": P.LOOKS_READ,
        "mandates.give": P.ORGANISATION_MANAGE,
        "mandates.revoke": P.ORGANISATION_MANAGE,
        "mandates.show": P.ORGANISATION_MANAGE,
        "notices.ended_there": Door.PUBLIC,  # a signed notice of an identity provider
        "notes.form": P.NOTE_WRITE,
        "notes.supplement": P.NOTE_WRITE,
        "notes.supplement_form": P.NOTE_WRITE,
        "notes.withdraw": P.NOTE_WITHDRAW,
        "notes.withdraw_form": P.NOTE_WITHDRAW,
        "notes.write": P.NOTE_WRITE,
        "invitation.accept": Door.PUBLIC,  # asks the link and the code itself
        "invitation.open_invitation": Door.PUBLIC,
        "organisation.change": P.ORGANISATION_MANAGE,
        "organisation.family": P.FAMILY_INVITE,
        "organisation.invite": P.ORGANISATION_MANAGE,
        "organisation.invite_family": P.FAMILY_INVITE,
        "organisation.mine": P.ORGANISATION_MANAGE,
        "organisation.show": P.ORGANISATION_MANAGE,
        "organisation.withdraw": P.ORGANISATION_MANAGE,
        "relocation.answer": P.RELOCATION_DECIDE,
        "relocation.ask": P.RELOCATION_ASK,
        "relocation.mine": Door.SIGNED_IN,
        "relocation.settle": P.RELOCATION_ASK,
        "relocation.show": P.RELOCATION_ASK,
        "oauth.token": Door.PUBLIC,  # asks name and secret itself
        "siblings.ask": P.SIBLING_LINK,
        "siblings.decide": P.SIBLING_LINK,
        "siblings.show": P.SIBLING_LINK,
        "starts.offered": Door.SIGNED_IN,
        "starts.show": P.PROCESS_START,
        "starts.submit": P.PROCESS_START,
        "static": Door.PUBLIC,
        "studio.check": P.CONCEPT_READ,
        "studio.diagram": P.CONCEPT_READ,
        "studio.overview": P.CONCEPT_READ,
        "studio.publish": P.CONCEPT_PUBLISH,
        "studio.save": P.CONCEPT_EDIT,
        "studio.show": P.CONCEPT_READ,
        "studio_files.add_form": P.CONCEPT_EDIT,
        "studio_files.edit_file": P.CONCEPT_READ,
        "studio_files.files": P.CONCEPT_READ,
        "studio_files.save_file": P.CONCEPT_EDIT,
        "tasks.autosave": P.TASK_READ,
        "tasks.claim": P.TASK_CLAIM,
        "tasks.mine": Door.SIGNED_IN,
        "tasks.show": P.TASK_READ,
        "tasks.submit": P.TASK_COMPLETE,
        "tasks.unclaim": P.TASK_CLAIM,
        "v2-cluster.license_": Door.SIGNED_IN,
        "v2-cluster.me": Door.SIGNED_IN,
        "v2-cluster.status": Door.SIGNED_IN,
        "v2-cluster.topology": Door.SIGNED_IN,
        "v2-definitions.form": P.DEFINITION_READ,
        "v2-definitions.get": P.DEFINITION_READ,
        "v2-definitions.search": P.DEFINITION_READ,
        "v2-definitions.start_form": P.DEFINITION_READ,
        "v2-definitions.xml": P.DEFINITION_READ,
        "v2-deployments.create": P.DEPLOYMENT_CREATE,
        "v2-incidents.get": P.INCIDENT_READ,
        "v2-incidents.resolve": P.INCIDENT_RESOLVE,
        "v2-incidents.search": P.INCIDENT_READ,
        "v2-instances.cancel": P.INSTANCE_CANCEL,
        "v2-instances.create": P.PROCESS_START,
        "v2-instances.get": P.INSTANCE_READ,
        "v2-instances.search": Door.SIGNED_IN,
        "v2-instances.variables": P.INSTANCE_READ,
        "v2-jobs.activate": P.JOB_WORK,
        "v2-jobs.complete": P.JOB_WORK,
        "v2-jobs.fail": P.JOB_WORK,
        "v2-jobs.search": P.JOB_WORK,
        "v2-jobs.throw": P.JOB_WORK,
        "v2-jobs.update": P.JOB_WORK,
        "v2-messages.broadcast": P.SIGNAL_BROADCAST,
        "v2-messages.correlate": P.MESSAGE_PUBLISH,
        "v2-messages.publish": P.MESSAGE_PUBLISH,
        "v2-user-tasks.assign": P.TASK_ASSIGN,
        "v2-user-tasks.complete": P.TASK_COMPLETE,
        "v2-user-tasks.form": P.TASK_READ,
        "v2-user-tasks.get": P.TASK_READ,
        "v2-user-tasks.search": Door.SIGNED_IN,
        "v2-user-tasks.unassign": P.TASK_ASSIGN,
        "v2-user-tasks.variables": P.TASK_READ,
    }
)
