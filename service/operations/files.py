"""The publication gate on files, without a database: for `sluitend check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from service import config, publication
from service.clock import SystemClock
from service.domain import Finding
from service.errors import BadRequest
from service.operations import deployments, runtime, sources


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the gate says of one path."""

    name: str
    regional: bool
    findings: tuple[Finding, ...]
    flows: int = 0  # of its diagram; 0 where scenarios were not played
    untaken: tuple[str, ...] = ()  # that no scenario comes by


def check(paths: Sequence[Path] = ()) -> Iterator[Checked]:
    """The findings of every path, or of all processes that ship, each beside what it may call."""
    functions = runtime.read_functions(runtime.region_folder(config.load()))
    found = list(_packages(paths))
    near = dict(_packages([])) | _siblings(paths)
    neighbours = {name: publication.Package(files) for name, files in near.items()}
    for name, files in found:
        regional = sources.MANIFEST in files
        others = {other: package for other, package in neighbours.items() if other != name}
        package = publication.Package(files, neighbours=others if regional else {})
        findings = publication.check(
            package, functions=functions, clock=SystemClock(), technical=not regional
        )
        flows, untaken = publication.coverage(package, functions) if regional and not findings else (0, ())
        yield Checked(name=name, regional=regional, findings=findings, flows=flows, untaken=untaken)


def _siblings(paths: Sequence[Path]) -> dict[str, dict[str, bytes]]:
    """The process folders beside those that are checked."""
    folders = {beside for path in paths if path.is_dir() for beside in path.resolve().parent.iterdir()}
    return {one.name: _folder(one) for one in sorted(folders) if (one / sources.MANIFEST).is_file()}


def _packages(paths: Sequence[Path]) -> Iterator[tuple[str, dict[str, bytes]]]:
    if not paths:
        for process_id in deployments.shipped():
            yield process_id, deployments.folder(process_id)
    for path in paths:
        if path.is_dir():
            yield path.name, _folder(path)
        elif path.is_file():
            sources.known_kinds({path.name: b""})
            yield path.name, {path.name: path.read_bytes()}
        else:
            raise BadRequest(f"Expected a file or folder, but {path} is neither", field=str(path))


def _folder(path: Path) -> dict[str, bytes]:
    """A process folder, with the forms that stand beside it under forms/<name>."""
    files = {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}
    forms = path.resolve().parent.parent / "forms" / path.resolve().name
    if forms.is_dir():
        files |= {f"forms/{file.relative_to(forms)}": file.read_bytes() for file in forms.rglob("*.form")}
    return files
