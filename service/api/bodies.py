"""What a request body must be before any schema looks at it: JSON that every part of the service can hold."""

from __future__ import annotations

import json

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from service.errors import BadRequest

_LARGEST = 2**53


def require_json() -> None:
    """Before every API request with a body: JSON (or files), of a sane depth, with numbers and text that survive.

    Raises BadRequest for what is no JSON or cannot be held, UnsupportedMediaType for another kind of body.
    """
    if request.mimetype == "multipart/form-data" or not request.content_length:
        return
    if not request.is_json:
        raise UnsupportedMediaType("Expected application/json")
    try:
        body = json.loads(
            request.get_data(), parse_constant=_no_constant, parse_int=_whole, parse_float=_finite
        )
        json.dumps(body, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise BadRequest("Expected JSON of a sane depth") from error
    except UnicodeError as error:
        raise BadRequest("Expected JSON in UTF-8, without halves of characters") from error
    except ValueError as error:
        raise BadRequest(f"Expected JSON that can be read: {str(error)[:120]}") from error


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > _LARGEST:
        raise ValueError("a whole number is beyond 2^53; send it as text")
    return int(digits)


def _finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise ValueError("a number is too large")
    return number
