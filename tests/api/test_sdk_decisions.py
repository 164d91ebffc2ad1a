"""The unmodified Python SDK finds decisions, reads their files and asks them about values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from camunda_orchestration_sdk import CamundaClient, models
from camunda_orchestration_sdk.errors import NotFoundError

from tests.api.client import Client
from tests.site import Site

DMN = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="brieven" name="Brieven" namespace="test">
  <decision id="soort_brief" name="Soort brief">
    <variable id="v" name="soort_brief"/>
    <decisionTable id="tabel" hitPolicy="FIRST">
      <input id="i1" label="Dagen"><inputExpression id="e1" typeRef="number"><text>dagen</text></inputExpression></input>
      <output id="o1" name="soort" typeRef="string"/>
      <rule id="lang"><inputEntry id="r1"><text>&gt; 10</text></inputEntry><outputEntry id="u1"><text>"tweede"</text></outputEntry></rule>
      <rule id="kort"><inputEntry id="r2"><text>-</text></inputEntry><outputEntry id="u2"><text>"eerste"</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="toon" name="Toon">
    <variable id="v2" name="toon"/>
    <informationRequirement id="q"><requiredDecision href="#soort_brief"/></informationRequirement>
    <literalExpression id="l"><text>upper case(soort_brief)</text></literalExpression>
  </decision>
</definitions>
"""


@pytest.fixture
def sdk(site: Site, tmp_path: Path) -> Iterator[CamundaClient]:
    made = CamundaClient(
        configuration={
            "CAMUNDA_REST_ADDRESS": f"{site.address}/v2",
            "CAMUNDA_AUTH_STRATEGY": "BASIC",
            "CAMUNDA_BASIC_AUTH_USERNAME": "api.zilverbeek@demo.invalid",
            "CAMUNDA_BASIC_AUTH_PASSWORD": "demo",
        }
    )
    (tmp_path / "brieven.dmn").write_bytes(DMN)
    made.deploy_resources_from_files([str(tmp_path / "brieven.dmn")])
    yield made
    made.close()


def found(sdk: CamundaClient, id_: str) -> models.DecisionDefinitionResult:
    wanted = models.DecisionDefinitionSearchQuery.from_dict({"filter": {"decisionDefinitionId": id_}})
    (one,) = sdk.search_decision_definitions(data=wanted).items
    return one


def test_a_decision_is_found_and_its_file_read(sdk: CamundaClient) -> None:
    one = found(sdk, "soort_brief")
    assert (one.name, one.version, one.decision_requirements_name) == ("Soort brief", 1, "brieven.dmn")
    assert sdk.get_decision_definition(one.decision_definition_key).to_dict() == one.to_dict()
    assert sdk.get_decision_definition_xml(one.decision_definition_key).encode() == DMN


def test_a_decision_answers_what_it_is_asked_and_tells_on_what_rule(sdk: CamundaClient) -> None:
    asked = {"decisionDefinitionId": "toon", "variables": {"dagen": 12}}
    answer = sdk.evaluate_decision(data=models.DecisionEvaluationByID.from_dict(asked))
    assert json.loads(answer.output) == "TWEEDE"
    table, last = answer.evaluated_decisions
    assert (table.decision_definition_id, last.decision_definition_id) == ("soort_brief", "toon")
    assert (table.decision_definition_type, last.decision_definition_type) == (
        "DECISION_TABLE",
        "LITERAL_EXPRESSION",
    )
    assert [(rule.rule_id, rule.rule_index) for rule in table.matched_rules] == [("lang", 1)]
    assert [one.input_value for one in table.evaluated_inputs] == ["12"]
    assert json.loads(table.output) == "tweede"


def test_a_decision_is_asked_by_its_key(sdk: CamundaClient) -> None:
    key = found(sdk, "soort_brief").decision_definition_key
    asked = {"decisionDefinitionKey": key, "variables": {"dagen": 2}}
    answer = sdk.evaluate_decision(data=models.DecisionEvaluationByKey.from_dict(asked))
    assert (json.loads(answer.output), answer.decision_definition_key) == ("eerste", key)


def test_a_decision_that_is_not_there_is_not_found(sdk: CamundaClient) -> None:
    asked = models.DecisionEvaluationByID.from_dict({"decisionDefinitionId": "geen"})
    with pytest.raises(NotFoundError):
        sdk.evaluate_decision(data=asked)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("search", {"filter": {"kleur": "rood"}}, "filter.kleur"),
        ("evaluation", {"variables": {}}, "decisionDefinitionId"),
        ("evaluation", {"decisionDefinitionId": "toon", "kleur": "rood"}, "kleur"),
    ],
)
def test_what_it_does_not_know_is_named(site: Site, path: str, body: object, field: str) -> None:
    answer = Client(site.address).call("POST", f"/v2/decision-definitions/{path}", body)
    assert (answer.status, answer.kind) == (400, "application/problem+json")
    told = answer.json()
    assert field in {told.get("field"), *told.get("errors", {}).get("json", {})}


def test_who_may_not_read_definitions_asks_none(site: Site) -> None:
    parent = Client(site.address, login="ouder.wilgenveen@demo.invalid")
    asked = {"decisionDefinitionId": "d1_route", "variables": {}}
    assert parent.call("POST", "/v2/decision-definitions/evaluation", asked).status in {401, 403, 404}
