"""The built browser files, by the name of their entry: manifest.json says what each is called now."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request

from service.errors import NotFound

DIST = Path(__file__).parent / "static" / "dist"
_TEXT = frozenset({".css", ".js", ".svg"})
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}

blueprint = Blueprint("assets", __name__)  # public: pages for strangers need them too


@cache
def manifest() -> dict[str, str]:
    """Entry name to hashed file name, e.g. {"site.css": "site-AB12.css"}."""
    read: dict[str, str] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    return read


def address(name: str) -> str:
    """The address of a built file under this site."""
    return f"/static/dist/{manifest()[name]}"


@cache
def _compressed(name: str) -> bytes | None:
    """The gzip of a text file, made once per process; None for what is compressed already."""
    if Path(name).suffix not in _TEXT:
        return None
    return gzip.compress((DIST / name).read_bytes(), compresslevel=9, mtime=0)


@blueprint.get("/static/dist/<name>")
def built(name: str) -> Response:
    """A built file; its name holds its hash, so browsers may keep it for ever."""
    if name not in manifest().values():
        raise NotFound
    packed = _compressed(name) if request.accept_encodings.quality("gzip") else None
    response = Response(packed or (DIST / name).read_bytes(), mimetype=_TYPES[Path(name).suffix])
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
