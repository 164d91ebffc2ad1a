"""The publication gate on files, without a database: for `sluitend check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from service import config, publication
from service.clock import SystemClock
from service.domain import Finding
from service.errors import BadRequest
from service.operations import deployments, runtime, sources


def check(paths: Sequence[Path] = ()) -> Iterator[tuple[str, bool, tuple[Finding, ...]]]:
    """Name, whether it is regional, and findings: of every path, or of all processes that ship."""
    functions = runtime.read_functions(runtime.region_folder(config.load()))
    for name, files in _packages(paths):
        regional = sources.MANIFEST in files
        yield (
            name,
            regional,
            publication.check(
                publication.Package(files), functions=functions, clock=SystemClock(), technical=not regional
            ),
        )


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
