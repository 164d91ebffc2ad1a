"""The OMG's XML schema of BPMN 2.0, as SpiffWorkflow ships it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import SpiffWorkflow
from lxml import etree

from service.engine.source import Xml

_FOLDER = Path(SpiffWorkflow.__file__).parent / "bpmn" / "parser" / "schema"
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@cache
def names() -> frozenset[str]:
    """Every element that BPMN knows, by its local name."""
    files = [etree.parse(_FOLDER / name) for name in ("BPMN20.xsd", "Semantic.xsd")]
    found = {
        str(node.get("name")) for file in files for node in file.iter(f"{_XSD}element") if node.get("name")
    }
    return frozenset(found)


def faults(root: Xml, at_most: int) -> Iterator[tuple[Xml, str, str]]:
    """Node, kind of fault as libxml2 names it, and its message. Takes from `root` the addresses of other schemas."""
    for node in root.iter(etree.Element):
        for name in ("schemaLocation", "noNamespaceSchemaLocation"):
            node.attrib.pop(f"{_XSI}{name}", None)  # libxml2 would fetch what they point at
    schema = etree.XMLSchema(etree.parse(_FOLDER / "BPMN20.xsd"))  # its log is no thread's own: one per call
    schema.validate(root)
    log: Any = schema.error_log
    for entry in itertools.islice(log, at_most):
        yield _node(root, entry.path, entry.line), entry.type_name, entry.message


def _node(root: Xml, path: str | None, line: int) -> Xml:
    try:
        found = root.getroottree().xpath(path) if path else []
    except etree.XPathError:  # the path names a prefix that the document binds further down
        found = [node for node in root.iter(etree.Element) if node.sourceline == line]
    return found[0] if found else root
