"""What a form page posted: the answers, apart from the fields that are ours, and the rows people add or remove."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

ACTION = "_actie"
IDEMPOTENCY = "idempotency_key"
OURS = frozenset({"csrf_token", IDEMPOTENCY, ACTION})

Posted = dict[str, list[str]]


def answers(form: MultiDict[str, str]) -> Posted:
    """The answers by path name, each as the list of values that the browser sent."""
    return {name: values for name, values in form.lists() if name not in OURS and not name.startswith("_")}


def row_change(action: str, given: Mapping[str, Sequence[str]]) -> Posted | None:
    """The answers after adding or removing a row of a dynamic list; None when `action` asks for neither.

    action  "rij-erbij:<path>:<number of rows>:<child>,<child>" or "rij-weg:<path>:<row>"
    """
    kind, _, rest = action.partition(":")
    if kind == "rij-erbij":
        path, _, tail = rest.partition(":")
        number, _, children = tail.partition(":")
        return _added(given, path, int(number) if number.isdigit() else 0, children)
    if kind == "rij-weg":
        path, _, number = rest.rpartition(":")
        return _removed(given, path, int(number)) if number.isdigit() else None
    return None


def _added(given: Mapping[str, Sequence[str]], path: str, number: int, children: str) -> Posted:
    changed = {name: list(values) for name, values in given.items()}
    for child in filter(None, children.split(",")):
        changed.setdefault(f"{path}.{number}.{child}", [""])
    return changed


def _removed(given: Mapping[str, Sequence[str]], path: str, row: int) -> Posted:
    inside = re.compile(re.escape(path) + r"\.(\d+)\.(.+)")
    changed: Posted = {}
    for name, values in given.items():
        found = inside.fullmatch(name)
        if found is None:
            changed[name] = list(values)
        elif int(found[1]) != row:
            at = int(found[1]) - (int(found[1]) > row)
            changed[f"{path}.{at}.{found[2]}"] = list(values)
    return changed
