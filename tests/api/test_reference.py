"""The reading page of /openapi.json: every address is on it, and every link on it leads somewhere."""

from __future__ import annotations

import urllib.request
from typing import Any

import pytest
from lxml import html

from tests.api.client import Client
from tests.site import Site


@pytest.fixture(scope="module")
def document(site: Site) -> Any:
    return Client(site.address).call("GET", "/openapi.json").json()


@pytest.fixture(scope="module")
def page(site: Site) -> Any:
    with urllib.request.urlopen(
        f"{site.address}/handleiding/api", timeout=30
    ) as answer:  # nobody is signed in
        return html.fromstring(answer.read().decode())


def test_the_document_is_the_same_each_time_it_is_asked_for(site: Site, document: Any) -> None:
    assert Client(site.address).call("GET", "/openapi.json").json() == document
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    for operation in (one for one in operations if isinstance(one, dict)):
        names = [one["name"] for one in operation.get("parameters", ())]
        assert len(names) == len(set(names))


def test_every_address_and_every_field_of_a_question_is_on_it(page: Any, document: Any) -> None:
    shown = {code.text_content() for code in page.xpath("//details/summary//code")}
    assert shown == {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
        if method in {"get", "post", "put", "patch", "delete"}
    }
    (start,) = page.xpath("//details[summary//code[.='POST /v2/process-instances']]")
    fields = {code.text_content() for code in start.xpath(".//tbody//th/code")}
    assert set(document["components"]["schemas"]["Creation"]["properties"]) <= fields
    assert "504" in {one.text_content() for one in start.xpath(".//li/strong")}


def test_every_link_on_it_leads_somewhere(page: Any) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in page.xpath("//main//a/@href[starts-with(., '#')]")} <= set(ids)
