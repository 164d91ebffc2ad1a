"""What the gate refuses, with the element, the rule and the severity."""

from __future__ import annotations

import pytest

from service.domain import Severity
from service.publication import refuses
from tests.publication.conftest import ADVICE, Gate, field, form

Files = dict[str, bytes]


def rules(found: tuple[object, ...]) -> set[tuple[str, str]]:
    return {(getattr(one, "rule", ""), getattr(one, "element", "")) for one in found}


def test_a_complete_process_passes(files: Files, gate: Gate) -> None:
    assert gate(files) == ()


@pytest.mark.parametrize(
    ("path", "old", "new", "rule", "element"),
    [
        ("proces.bpmn", '<zeebe:formDefinition formId="advies" />', "", "taak-zonder-formulier", "Advies"),
        ("proces.bpmn", 'formId="advies"', 'formId="adveis"', "formulier-ontbreekt", "Advies"),
        ("proces.bpmn", '=advies = "plek"', '=adveis = "plek"', "variabele-nooit-geschreven", "naar_plek"),
        ("proces.bpmn", '=advies = "plek"', "=advies = = 1", "expressie-ongeldig", "naar_plek"),
        ("proces.bpmn", "<bpmn:flowNodeRef>Advies</bpmn:flowNodeRef>", "", "taak-zonder-baan", "Advies"),
        ("proces.bpmn", 'id="proef"', 'id="anders"', "proces-id-anders", "proces.id"),
        ("proces.bpmn", "</bpmn:process>", "", "xml-onleesbaar", ""),
        ("proces.toml", 'Lane_school = ["school_ib"]', "", "baan-zonder-rol", "Lane_school"),
        ("proces.toml", '["school_ib"]', '["meester"]', "rol-onbekend", "rollen.Lane_school"),
        ("proces.toml", "Lane_school", "Lane_skool", "rol-zonder-baan", "rollen.Lane_skool"),
        ("proces.toml", 'doel = "Een passende plek voor ieder kind."', "", "doel-ontbreekt", "proces.doel"),
        (
            "proces.toml",
            'grondslag = "AVG art. 6 lid 1 onder e"',
            "",
            "grondslag-ontbreekt",
            "gegevens.school_ib",
        ),
        ("proces.toml", 'wie = ["ouder"]', "", "manifest-onvolledig", "start.wie"),
        (
            "proces.toml",
            'formulier = "aanmelding"',
            'formulier = "anders"',
            "formulier-ontbreekt",
            "start.formulier",
        ),
        ("proces.toml", 'formulier = "aanmelding"', "", "start-zonder-formulier", "Start"),
        (
            "proces.toml",
            'voornaam = "voornaam"',
            'voornaam = "naam"',
            "start-veld-ontbreekt",
            "start.jeugdige.voornaam",
        ),
        ("proces.toml", "[proces]", "[proces", "manifest-onleesbaar", ""),
        ("proces.toml", "[rollen]", "[rolen]", "manifest-onbekend", "rolen"),
        ("forms/advies.form", '"klasse": "P", ', "", "veld-zonder-klasse", "advies"),
        (
            "forms/advies.form",
            '"klasse": "P", "eigenaar": "school_ib"',
            '"klasse": "O"',
            "veld-zonder-eigenaar",
            "advies",
        ),
        ("forms/advies.form", '"school_ib"', '"juf"', "rol-onbekend", "advies"),
        ("forms/advies.form", '"radio"', '"signature"', "onderdeel-onbekend", "advies"),
        ("forms/advies.form", '{"id"', '["id"', "formulier-onleesbaar", ""),
        ("voorbeelden/plek.toml", 'einde = "Einde_plek"', 'einde = "Einde_geen"', "voorbeeld-mislukt", ""),
        ("voorbeelden/plek.toml", "[verwacht]", "[verwacht", "voorbeeld-mislukt", ""),
    ],
)
def test_one_mistake_is_found_where_it_was_made(
    files: Files, gate: Gate, path: str, old: str, new: str, rule: str, element: str
) -> None:
    assert old.encode() in files[path]
    files[path] = files[path].replace(old.encode(), new.encode(), 1)
    found = gate(files)
    assert (rule, element) in rules(found)
    assert refuses(found)
    assert all(one.reason and one.remedy for one in found)


@pytest.mark.parametrize(
    ("missing", "rule"),
    [
        ("proces.toml", "manifest-ontbreekt"),
        ("proces.bpmn", "schema-ontbreekt"),
        ("forms/advies.form", "formulier-ontbreekt"),
    ],
)
def test_a_missing_file_is_named(files: Files, gate: Gate, missing: str, rule: str) -> None:
    del files[missing]
    assert rule in {one.rule for one in gate(files)}


def test_a_process_without_scenarios_proves_nothing(files: Files, gate: Gate) -> None:
    bare = {path: content for path, content in files.items() if not path.startswith("voorbeelden/")}
    assert [(one.rule, one.severity) for one in gate(bare)] == [
        ("voorbeeld-ontbreekt", Severity.WAARSCHUWING)
    ]


def test_a_technical_process_owes_no_roles_or_data_classes(files: Files, gate: Gate) -> None:
    files["forms/advies.form"] = form("advies", {**ADVICE, "properties": {}})
    technical = {path: files[path] for path in ("proces.bpmn", "forms/advies.form")}
    assert gate(technical, technical=True) == ()


def test_a_warning_refuses_a_regional_process_only(files: Files, gate: Gate) -> None:
    bpmn = files["proces.bpmn"].replace(b'=advies = "plek"', b'=elders = "plek"')
    found = gate({"proces.bpmn": bpmn, "forms/advies.form": files["forms/advies.form"]}, technical=True)
    assert {one.severity for one in found} == {Severity.WAARSCHUWING}
    assert refuses(found)
    assert not refuses(found, technical=True)


def test_a_field_outside_the_process_variables_counts_as_never_written(files: Files, gate: Gate) -> None:
    inside = {"klasse": "O", "eigenaar": "school_ib"}
    files["forms/advies.form"] = form("advies", {**ADVICE, "properties": inside})
    assert ("variabele-nooit-geschreven", "naar_plek") in rules(gate(files))
    files["forms/advies.form"] = form("advies", {**ADVICE, "properties": {**inside, "uitvoer": "ja"}})
    assert gate(files) == ()


def test_variables_from_outside_are_named_in_the_manifest(files: Files, gate: Gate) -> None:
    files["proces.bpmn"] = files["proces.bpmn"].replace(
        b'=advies = "plek"', b'=advies = "plek" and bericht_advies = null'
    )
    assert ("variabele-nooit-geschreven", "naar_plek") in rules(gate(files))
    files["proces.toml"] = files["proces.toml"].replace(
        b"[start]", b'[start]\nvariabelen = ["bericht_advies"]'
    )
    assert gate(files) == ()


def test_a_formula_in_a_form_may_read_answers_and_variables_only(files: Files, gate: Gate) -> None:
    why = field("textarea", "reden", conditional={"hide": '=advies = "plek" or voornaam = "x" or naam = "y"'})
    files["forms/advies.form"] = form("advies", ADVICE, why)
    told = [one for one in gate(files) if one.rule == "variabele-nooit-geschreven"]
    assert [(one.element, one.file) for one in told] == [("reden", "forms/advies.form")]
    assert "‘naam’" in told[0].reason


def test_a_formula_in_a_form_has_to_be_feel(files: Files, gate: Gate) -> None:
    files["forms/advies.form"] = form(
        "advies", ADVICE, field("textarea", "reden", conditional={"hide": "=advies = ="})
    )
    assert ("formule-onleesbaar", "reden") in rules(gate(files))


def test_two_forms_with_one_id_are_told_apart(files: Files, gate: Gate) -> None:
    files["forms/kopie.form"] = files["forms/advies.form"]
    assert [(one.rule, one.file) for one in gate(files)] == [("formulier-id-dubbel", "forms/kopie.form")]


def test_hostile_xml_is_a_finding_not_an_attack(files: Files, gate: Gate) -> None:
    files["proces.bpmn"] = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    found = gate(files)
    assert refuses(found)
    assert "root:" not in str(found)


@pytest.mark.parametrize("path", ["../buiten.md", "/etc/passwd", "a\\b.md"])
def test_files_stay_inside_the_folder_of_the_process(files: Files, gate: Gate, path: str) -> None:
    files[path] = b""
    assert [one.rule for one in gate(files)] == ["pakket-pad"]


CALLED = b"""<?xml version="1.0"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="http://sluitend.example/hulp">
  <bpmn:process id="hulp" name="Hulp" isExecutable="true">
    <bpmn:startEvent id="S" /><bpmn:endEvent id="E" /><bpmn:sequenceFlow id="F" sourceRef="S" targetRef="E" />
  </bpmn:process>
</bpmn:definitions>"""


def test_a_process_may_call_another_of_the_same_package(files: Files, gate: Gate) -> None:
    timer = files["proces.bpmn"]
    start, end = timer.index(b"<bpmn:intermediateCatchEvent"), timer.index(b"</bpmn:intermediateCatchEvent>")
    call = (
        b'<bpmn:callActivity id="Wacht"><bpmn:extensionElements><zeebe:calledElement processId="hulp" />'
        b"</bpmn:extensionElements></bpmn:callActivity>"
    )
    calling = timer[:start] + call + timer[end + len(b"</bpmn:intermediateCatchEvent>") :]
    files["voorbeelden/geen.toml"] = (
        files["voorbeelden/geen.toml"].split(b"[[stap]]\nopen")[0] + b'[verwacht]\neinde = "Einde_geen"\n'
    )
    assert ("aanroep-onbekend", "Wacht") in rules(gate({**files, "proces.bpmn": calling}))
    technical = {"proces.bpmn": calling, "hulp.bpmn": CALLED, "forms/advies.form": files["forms/advies.form"]}
    assert gate(technical, technical=True) == ()
