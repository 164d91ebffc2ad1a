"""The diagrams in a real browser: an owner changes a process, an auditor reads its path."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import AUDITOR, OWNER, PROCESS, OpenDesk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STUDIO = f"/studio/{PROCESS}"

# The middle of the longest straight piece of a flow that leaves the task Nieuw onderzoek, in pixels of the window.
MIDDLE_OF_A_FLOW = """() => {
  const modeler = document.querySelector("[data-studio]").modeler;
  const canvas = modeler.get("canvas"), registry = modeler.get("elementRegistry");
  const pieces = registry.filter(e => e.type === "bpmn:SequenceFlow" && e.source.id === "Taak_nieuw_onderzoek")
    .flatMap(flow => flow.waypoints.slice(1).map((end, at) => ({flow: flow.id, a: flow.waypoints[at], b: end})))
    .sort((x, y) => Math.hypot(y.a.x - y.b.x, y.a.y - y.b.y) - Math.hypot(x.a.x - x.b.x, x.a.y - x.b.y));
  const {flow, a, b} = pieces[0], middle = {x: (a.x + b.x) / 2, y: (a.y + b.y) / 2};
  canvas.viewbox({x: middle.x - 400, y: middle.y - 250, width: 800, height: 500});
  const view = canvas.viewbox(), frame = canvas.getContainer().getBoundingClientRect();
  return {flow, x: frame.x + (middle.x - view.x) * view.scale, y: frame.y + (middle.y - view.y) * view.scale};
}"""


UNCOVERED = """mark => {
  const at = mark.getBoundingClientRect();
  return mark.contains(document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2));
}"""
SELECT = """id => {
  const modeler = document.querySelector("[data-studio]").modeler;
  modeler.get("selection").select(modeler.get("elementRegistry").get(id));
}"""
IN_DUTCH = """async () => {
  const modeler = document.querySelector("[data-studio]").modeler;
  const wait = () => new Promise(done => setTimeout(done, 30)), seen = new Set();
  for (const element of modeler.get("elementRegistry").getAll()) {
    const kind = element.type + (element.businessObject.eventDefinitions?.[0]?.$type ?? "");
    if (seen.has(kind)) continue;
    seen.add(kind);
    modeler.get("selection").select(element);
    await wait();
    modeler.get("popupMenu").open(element, "bpmn-replace", {x: 300, y: 300});
    await wait();
    modeler.get("popupMenu").close();
  }
  return [...globalThis.sluitendMissingWords];
}"""
DRAWN_GREEN = """() => [...document.querySelectorAll(".djs-connection .djs-visual path")]
  .some(path => getComputedStyle(path).stroke === "rgb(29, 107, 69)")"""


def _modeler(page: Page) -> None:
    page.wait_for_selector("[data-studio][data-ready]")


def _draw_task_on_a_flow(page: Page) -> str:
    """Draw a task with the mouse in the middle of a flow, make it a user task, name it; its element id."""
    known = set(_ids(page))
    page.locator("[data-modeler]").scroll_into_view_if_needed()
    spot: Any = page.evaluate(MIDDLE_OF_A_FLOW)
    page.locator(".djs-palette .entry[data-action='create.task']").click()
    page.mouse.move(spot["x"] - 30, spot["y"] - 3, steps=4)
    page.mouse.move(spot["x"], spot["y"], steps=4)
    page.mouse.click(spot["x"], spot["y"])
    page.keyboard.press("Escape")  # the name comes from the panel
    new = next(name for name in _ids(page) if name not in known and name.startswith("Activity"))
    page.evaluate(SELECT, new)
    page.locator(".djs-context-pad .entry[data-action='replace']").click()
    page.locator(".djs-popup [data-id='replace-with-user-task']").click()
    page.wait_for_selector(".djs-popup", state="detached")
    return str(page.evaluate("document.querySelector('[data-studio]').modeler.get('selection').get()[0].id"))


def _ids(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "document.querySelector('[data-studio]').modeler.get('elementRegistry').getAll().map(e => e.id)"
    )
    return found


def _open_group(page: Page, title: str) -> None:
    header = page.locator(".bio-properties-panel-group-header", has_text=title)
    if "open" not in (header.get_attribute("class") or ""):
        header.click()


def _tell_the_step_in_the_example(page: Page, task: str) -> None:
    """An example meets the new task after Nieuw onderzoek."""
    text = page.input_value("#tekst")
    at = text.index("[[stap]]", text.index('taak = "Taak_nieuw_onderzoek"'))
    step = (
        f'[[stap]]\ntaak = "{task}"\nantwoorden = {{ tweede_gesprek_toelichting = "Alles besproken." }}\n\n'
    )
    page.fill("#tekst", text[:at] + step + text[at:])
    page.get_by_role("button", name="Bewaren in het concept").click()
    expect(page.locator(".s-flash")).to_contain_text("bewaard")


def test_an_owner_adds_a_task_is_stopped_mends_it_and_publishes(desk: OpenDesk) -> None:
    window = desk(width=1440, height=1000)
    page = window.sign_in(OWNER, STUDIO)
    _modeler(page)
    before = int(re.findall(r"\d+", page.locator("[data-publish] button").inner_text())[0])
    task = _draw_task_on_a_flow(page)
    _open_group(page, "Algemeen")
    page.locator(".bio-properties-panel [name=name]").fill("Tweede gesprek")
    page.keyboard.press("Tab")

    page.locator("[data-check]").click()
    finding = page.locator(f".s-finding[data-element='{task}']").first
    expect(finding).to_be_visible()
    expect(finding).to_contain_text("Tweede gesprek")
    expect(page.locator(f"[data-container-id='{task}'] .s-number").first).to_be_visible()
    page.locator("[data-save]").click()
    expect(page.locator("[data-status]")).to_contain_text("Concept bewaard")

    page.get_by_role("link", name="Formulieren en bestanden").first.click()
    page.fill("#titel", "Tweede gesprek")
    page.fill("#formulier", "tweede_gesprek")
    page.get_by_role("button", name="Formulier maken").click()
    expect(page.locator(".s-flash")).to_contain_text("Tweede gesprek")

    window.go(STUDIO)
    _modeler(page)
    page.evaluate(SELECT, task)
    _open_group(page, "Formulier")
    page.locator(".bio-properties-panel [name=formId]").select_option("tweede_gesprek")
    page.locator("[data-check]").click()
    examples = page.locator(".s-finding", has_text="voorbeeld-mislukt").locator("a")
    expect(examples.first).to_be_visible()
    broken = [str(link.get_attribute("href")) for link in examples.all()]
    page.locator("[data-save]").click()
    expect(page.locator("[data-status]")).to_contain_text("Concept bewaard")
    for example in broken:
        window.go(example)
        _tell_the_step_in_the_example(page, task)

    window.go(STUDIO)
    _modeler(page)
    page.locator("[data-check]").click()
    expect(page.locator("[data-findings-summary]")).to_have_text("Alles klopt. U kunt publiceren.")
    page.fill("#reden", "De school wil een tweede gesprek voeren.")
    page.locator("[data-publish] button").click()
    expect(page.locator(".s-flash")).to_contain_text(f"Versie {before} is gepubliceerd")
    assert window.complaints == []


def test_publishing_asks_for_a_reason(desk: OpenDesk) -> None:
    page = desk().sign_in(OWNER, STUDIO)
    page.locator("[data-publish] button").click()
    expect(page.locator("#publiceren .s-errors")).to_be_focused()


def test_the_modeler_speaks_dutch_and_shows_the_mark_of_its_makers(desk: OpenDesk) -> None:
    window = desk(width=1440)
    page = window.sign_in(OWNER, STUDIO)
    _modeler(page)
    assert page.evaluate(IN_DUTCH) == []
    mark = page.locator(".bjs-powered-by")
    expect(mark).to_be_visible()
    mark.evaluate("mark => mark.scrollIntoView({block: 'center', behavior: 'instant'})")
    assert mark.evaluate(UNCOVERED)


def test_an_auditor_gives_a_reason_and_reads_the_path_beside_the_story(desk: OpenDesk) -> None:
    window = desk(width=1280, height=1000)
    page = window.sign_in(AUDITOR, "/audit")
    page.locator("tbody th a").first.click()
    page.get_by_role("button", name="Bekijk de geschiedenis").click()
    expect(page.locator("#reden-fout")).to_be_visible()
    page.fill("#reden", "Steekproef tweede kwartaal")
    page.get_by_role("button", name="Bekijk de geschiedenis").click()
    expect(page.locator(".s-diagram svg .djs-group").first).to_be_attached()
    expect(page.locator(".s-number--done").first).to_be_attached()
    assert page.evaluate(DRAWN_GREEN)
    row = page.locator("tr[data-element]", has=page.locator(".s-fact__step")).first
    row.click()
    element = row.get_attribute("data-element")
    expect(page.locator(f".djs-element[data-element-id='{element}']")).to_have_class(re.compile("s-picked"))
    expect(row).to_have_class(re.compile("s-fact--picked"))
    assert window.violations() == []
    assert window.complaints == []
