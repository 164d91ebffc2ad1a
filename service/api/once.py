"""Idempotency-Key: a request that is sent again has the effect and the answer that it had, for a day.

As in draft-ietf-httpapi-idempotency-key-header: the key is the caller's, another request under the same key is refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from contextlib import ExitStack
from typing import Any

from flask import Response, g, request

from service.api.auth import actor
from service.errors import BadRequest
from service.operations import idempotent
from service.operations.idempotent import Request

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
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
    g.attended = g.once.enter_context(idempotent.attending(asked))
    return None


def keep(response: Response) -> Response:
    """After it: keep the answer."""
    attended = g.get("attended")
    if attended is not None and not response.is_streamed:
        idempotent.keep(attended, _told(response))
    return response


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
