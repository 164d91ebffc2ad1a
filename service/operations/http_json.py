"""The task type `http-json`: ask another system, take its answer as a variable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from service.connectors import addresses, http
from service.connectors.http import Answer, Call, CallFailed, CallRefused
from service.domain import Json
from service.operations import runtime
from service.operations.errand import Errand, Outcome, Thrown, TryLater, Useless

_MAY_PASS = frozenset({408, 425, 429})
_LONGEST_PAUSE = 3600  # seconds that another system may ask us to wait
_LARGEST = 2**53


def do(errand: Errand) -> Outcome:
    """Make the call that the inputs and headers describe.

    url, method, headers, body, queryParameters   inputs (FEEL) or task headers
    resultVariable                                header: gets {status, headers, body}
    fout-404, fout-4xx                            headers: the BPMN error of such an answer
    """
    try:
        asked = _asked(errand)
    except ValueError as error:
        return Useless(reason=str(error))
    try:
        answer = http.call(asked, addresses.guard(runtime.current().settings))
    except CallRefused as error:
        return Useless(reason=f"De aanroep is geweigerd: {_DUTCH.get(str(error), 'hij kan zo niet')}")
    except CallFailed:
        return TryLater(reason="Het andere systeem gaf geen antwoord")
    return _judged(errand, answer)


_DUTCH = {
    "the host is not in [http] hosts": "dit adres staat niet in de lijst [http] hosts van de beheerder",
    "the address is private, and not in [http] private": "dit adres ligt in een besloten netwerk",
    "the answer is larger than [http] max_bytes": "het antwoord is te groot",
}


def _asked(errand: Errand) -> Call:
    settings = runtime.current().settings
    url, method = _text(errand, "url"), _text(errand, "method", "GET").upper()
    headers = {"Accept": "application/json", "User-Agent": "Sluitend", **_texts(errand, "headers")}
    query = _texts(errand, "queryParameters")
    if query:
        url += ("&" if "?" in url else "?") + urlencode(query)
    if method not in {"GET", "HEAD"}:
        headers.setdefault("Idempotency-Key", str(errand.key))  # a second try of this job is the same request
    headers = _with_own(url, headers)
    return Call(
        method=method,
        url=url,
        headers=headers,
        body=_body(errand.told("body"), headers),
        timeout_seconds=settings.http_timeout_seconds,
        max_bytes=settings.http_max_bytes,
    )


def _with_own(url: str, headers: dict[str, str]) -> dict[str, str]:
    """With what the operator says to this host, over what the diagram says."""
    host = urlsplit(url).hostname or ""
    own = {
        one.name: one.value for one in runtime.current().settings.http_headers if one.host == host.rstrip(".")
    }
    theirs = {name.lower() for name in own}
    return {name: value for name, value in headers.items() if name.lower() not in theirs} | own


def _text(errand: Errand, name: str, default: str = "") -> str:
    value = errand.told(name)
    value = default if value is None else value
    if not isinstance(value, str) or not value:
        raise ValueError(f"Bij '{name}' hoort een tekst te staan")
    return value


def _texts(errand: Errand, name: str) -> dict[str, str]:
    value = errand.told(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(  # noqa: TRY004  # the diagram has a wrong value, our code no wrong type
            f"Bij '{name}' horen namen met een waarde te staan"
        )
    return {str(key): one if isinstance(one, str) else json.dumps(one) for key, one in value.items()}


def _body(value: Json, headers: dict[str, str]) -> bytes | None:
    """JSON, or a text as it is where the headers say what it is."""
    if value is None:
        return None
    if isinstance(value, str) and any(name.lower() == "content-type" for name in headers):
        return value.encode()
    headers.setdefault("Content-Type", "application/json")
    return json.dumps(value, ensure_ascii=False).encode()


def _judged(errand: Errand, answer: Answer) -> Outcome:
    told = f"Het andere systeem antwoordde met {answer.status}"
    for name in (f"fout-{answer.status}", f"fout-{answer.status // 100}xx"):
        if errand.headers.get(name):
            return Thrown(code=errand.headers[name], reason=told)
    if answer.status in _MAY_PASS or answer.status >= 500:
        return TryLater(reason=told, pause=_asked_pause(answer))
    if not 200 <= answer.status < 300:
        return Useless(reason=told)
    name = errand.headers.get("resultVariable", "")
    if not name:
        return {}
    try:
        return {name: {"status": answer.status, "headers": dict(answer.headers), "body": _read(answer)}}
    except ValueError:
        return Useless(reason="Het antwoord van het andere systeem is niet te lezen")


def _asked_pause(answer: Answer) -> timedelta | None:
    text = answer.headers.get("retry-after", "")
    return timedelta(seconds=min(int(text), _LONGEST_PAUSE)) if text.isascii() and text.isdecimal() else None


def _read(answer: Answer) -> Json:
    """JSON where it says so, else text; numbers that a variable cannot hold are refused."""
    if not answer.body:
        return None
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    text = answer.body.decode("utf-8")
    if "\x00" in text:
        raise ValueError("NUL")
    if kind != "application/json" and not kind.endswith("+json"):
        return text
    try:
        found: Json = json.loads(text, parse_constant=_refuse, parse_int=_whole)
    except RecursionError as error:
        raise ValueError("too deep") from error
    whole = json.dumps(found, ensure_ascii=False, allow_nan=False)  # infinities are refused here
    whole.encode()  # and halves of characters here
    if "\\u0000" in whole.replace("\\\\", ""):
        raise ValueError("NUL")
    return found


def _refuse(name: str) -> Json:
    raise ValueError(name)


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > _LARGEST:
        raise ValueError("beyond 2^53")
    return int(digits)
