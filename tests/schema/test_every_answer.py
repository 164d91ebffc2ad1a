"""Whatever a program sends, each answer is as /openapi.json says: tried with values that fit and values that do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

LOGIN = "api.zilverbeek@demo.invalid"
EXAMPLES = 10  # of each operation and each way
#: no schema tells which bytes are a diagram; wrong credentials are 429 after a while (tests/identity tries those)
EXCEPT = {"POST /v2/deployments": [positive_data_acceptance, ignored_auth]}


@pytest.fixture(scope="package")
def document(app: Flask) -> Any:
    known = {"auth": {"openapi": {"basic": {"username": LOGIN, "password": "demo"}}}}
    return schemathesis.openapi.from_wsgi("/openapi.json", app, config=schemathesis.Config.from_dict(known))


def operations(document: Any) -> list[Any]:
    return [found.ok() for found in document.get_all_operations()]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_as_the_document_says(document: Any, mode: GenerationMode) -> None:
    wrong, seen = [], Counter[int]()
    for operation in operations(document):
        try:
            asking(operation, mode, seen)()
        except (FailureGroup, Failure, AssertionError) as error:  # all that is wrong is told at once
            wrong.append(f"{operation.label}: {error}")
    assert not wrong, "\n\n".join(wrong)
    assert set(seen) & ({200, 204} if mode is GenerationMode.POSITIVE else {400}), seen


def asking(operation: Any, mode: GenerationMode, seen: Counter[int]) -> Callable[[], None]:
    """A property of one operation: whatever is asked, no fault of ours, and an answer as the document says."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def asked(case: Any) -> None:
        if operation.path.endswith("/jobs/activation") and isinstance(case.body, dict):
            given = case.body.get("requestTimeout") if mode is GenerationMode.NEGATIVE else None
            case.body["requestTimeout"] = (
                -1 if given is None else given
            )  # else it waits for work that never comes
        answer = case.call()
        seen[answer.status_code] += 1
        assert answer.status_code < 500, answer.text
        case.validate_response(answer, excluded_checks=EXCEPT.get(operation.label, [ignored_auth]))

    done: Callable[[], None] = asked
    return done
