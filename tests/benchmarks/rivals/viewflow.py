"""django-viewflow behind the same four addresses: its own flow, start and complete functions, its own tables.

Runs in a Python that has django-viewflow, psycopg and gunicorn (RIVALS_PYTHON); the project does not install it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings

_URL = urlsplit(os.environ["BARE_DATABASE_URL"].replace("+psycopg", ""))
settings.configure(
    SECRET_KEY="of a measurement",  # nothing is signed with it
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "viewflow.workflow",
        "tests.benchmarks.rivals",  # a flow belongs to an app
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _URL.path.lstrip("/"),
            "USER": _URL.username,
            "PASSWORD": _URL.password or "",
            "HOST": parse_qs(_URL.query)["host"][0],
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()

from django.core.management import call_command  # noqa: E402  # Django wants its settings first
from django.core.wsgi import get_wsgi_application  # noqa: E402  # Django wants its settings first
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402  # Django wants its settings first
from django.urls import path  # noqa: E402  # Django wants its settings first
from viewflow import this  # noqa: E402  # Django wants its settings first
from viewflow.workflow import flow  # noqa: E402  # Django wants its settings first
from viewflow.workflow.models import Process, Task  # noqa: E402  # Django wants its settings first


class OneTask(flow.Flow):  # type: ignore[misc]  # not installed where types are checked
    """Begin, one task of a person, end."""

    process_class = Process
    begin = flow.StartHandle(this.begun).Next(this.work)
    work = flow.View(lambda request: HttpResponse()).Next(this.done)
    done = flow.End()

    def begun(self, activation: Any) -> Any:
        """Nothing to keep beside the process."""
        return activation.process


def _start(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"processInstanceKey": str(OneTask.begin.run().pk)})


def _tasks(request: HttpRequest) -> JsonResponse:
    keys = json.loads(request.body)["filter"].get("processInstanceKey", {}).get("$in", ())
    found = Task.objects.filter(process_id__in=[int(one) for one in keys], flow_task_type="HUMAN")
    return JsonResponse({"items": [{"userTaskKey": str(one.pk)} for one in found.exclude(status="DONE")]})


def _complete(request: HttpRequest, key: int) -> HttpResponse:
    task = Task.objects.get(pk=key)
    with task.flow_task.flow_class.lock(task.process_id):
        activation = task.flow_task.activation_class(Task.objects.get(pk=key))
        activation.assign(None)
        activation.start(request)
        activation.execute()
    return HttpResponse(status=204)


def _nothing(name: str) -> Callable[[HttpRequest], JsonResponse]:
    return lambda _request: JsonResponse({name: []})


urlpatterns = [
    path("v2/topology", _nothing("brokers")),
    path("v2/deployments", _nothing("deployments")),
    path("v2/process-instances", _start),
    path("v2/user-tasks/search", _tasks),
    path("v2/user-tasks/<int:key>/completion", _complete),
]


def create_app() -> Any:
    """The application, with its tables made."""
    call_command("migrate", verbosity=0, stdout=sys.stderr)
    return get_wsgi_application()
