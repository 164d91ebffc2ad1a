"""Idempotency-Key: a request that is sent again has the effect and the answer that it had, for a day.

As in draft-ietf-httpapi-idempotency-key-header: the key is the caller's, another request under the same key is refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
import time
from contextlib import ExitStack
from typing import Any

from flask import Response, current_app, g, request

from service.api.auth import actor
from service.errors import BadRequest, Unavailable
from service.operations import idempotent
from service.operations.idempotent import Attended, Request

log = logging.getLogger(__name__)

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_PAUSES = (0.05, 0.2, 0.5)  # seconds
KEYS = "^[!-~]{1,255}$"


def attend() -> Response | None:
    """Before a request that changes something: its earlier answer, or the request is attended from here on."""
    key = request.headers.get(HEADER)
    if key is None or request.method not in {"POST", "PATCH", "PUT", "DELETE"} or _only_reads():
        return None
    if not re.fullmatch(KEYS, key):
        raise BadRequest("Expected 1 to 255 signs of ASCII, without spaces", field=HEADER)
    asked = idempotent.request(actor(), key, f"{request.method} {request.path}", {"body": _asked()})
    before = idempotent.answered(asked)
    if before is not None:
        return _again(before)
    g.once = ExitStack()
    g.attended = g.once.enter_context(idempotent.attending(asked, _foreseen()))
    return None


def keep(response: Response) -> Response:
    """After it: keep the answer."""
    attended = g.get("attended")
    if attended is not None and not response.is_streamed:
        _keep(attended, _told(response))
    return response


def _keep(attended: Attended, told: dict[str, Any]) -> None:
    """The effect is there, so a database that is away just now changes nothing about the answer."""
    for pause in (*_PAUSES, 0.0):
        try:
            return idempotent.keep(attended, told)
        except Unavailable:
            time.sleep(pause)
    return log.warning("answer_not_kept")


def _foreseen() -> dict[str, Any]:
    """The answer of an operation that says nothing but that it is done."""
    view = current_app.view_functions[request.endpoint or ""]
    codes = getattr(view, "_apidoc", {}).get("success_status_codes", [])
    return {"status": 204, "type": "", "body": ""} if codes == [204] else {}


def leave(_error: BaseException | None = None) -> None:
    """At the very end: the next request of this thread is another one."""
    stack: ExitStack | None = g.pop("once", None)
    if stack is not None:
        stack.close()


def meanwhile(_error: Exception) -> Response:
    """An equal request was carried out while this one waited for it."""
    asked: Request = g.attended.asked
    return _again(idempotent.answered(asked) or {"status": 409, "type": "text/plain", "body": ""})


def _only_reads() -> bool:
    return request.path.endswith("/search")


def _asked() -> str:
    """What a body asks, however it was spaced or parted."""
    if request.mimetype == "multipart/form-data":
        parts = [[str(name), *values] for name, values in request.form.lists()]
        for name, file in request.files.items(multi=True):
            content = hashlib.sha256(file.stream.read()).hexdigest()
            parts.append([str(name), file.filename or "", content])
            file.stream.seek(0)
        return json.dumps(sorted(parts))
    body = request.get_data()
    return json.dumps(json.loads(body), sort_keys=True) if body else ""


def _told(response: Response) -> dict[str, Any]:
    body = base64.b64encode(response.get_data()).decode()
    return {"status": response.status_code, "type": response.mimetype, "body": body}


def _again(before: dict[str, Any]) -> Response:
    response = Response(base64.b64decode(before["body"]), status=before["status"], mimetype=before["type"])
    response.headers[REPLAYED] = "true"
    return response
