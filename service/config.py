"""Settings: config/sluitend.toml below, SLUITEND_* environment variables above."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from service.errors import ConfigurationError

_SERVICE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The folder `processes`, `forms` or `config` that came with this release (checkout or wheel)."""
    beside = _SERVICE.parent / name
    return beside if (_SERVICE.parent / "pyproject.toml").exists() else _SERVICE / "shipped" / name


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, each with its meaning, unit and default; config/sluitend.toml lists the same names."""

    database_url: str = ""  # app role on PostgreSQL >= 15; empty: embedded PostgreSQL in data_dir
    database_admin_url: str = (
        ""  # owner role, for `sluitend db upgrade` only; empty: embedded, or database_url
    )
    data_dir: str = "data"  # embedded database, secret key, anchors
    secret_key: str = ""  # at least 32 characters; empty: made once and kept in data_dir (embedded only)
    keys: str = ""  # master keys as "id:secret id:secret", the first seals, all open; empty: secret_key alone, as "start"
    host: str = "127.0.0.1"
    port: int = 8000
    web_workers: int = 2  # web processes; all hold the listening socket
    web_threads: int = 4  # threads per web process
    demo: bool = False  # demo accounts, clock pinning; never with an external database
    region: str = "zilverbeek"  # folder under config/regio
    sign_in_file: str = ""  # providers of OpenID Connect; empty: aanmelden.toml in the region's folder
    max_body_bytes: int = 6_000_000  # request body limit
    session_idle_minutes: int = 30
    session_hours: int = 10
    timer_poll_seconds: float = 0.5  # worker looks for due timers
    log_level: str = "INFO"


def load(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Read the settings file, then the environment over it.

    Raises ConfigurationError for an unknown name or a value of the wrong kind.
    """
    environ = os.environ if environ is None else environ
    file = file or Path(environ.get("SLUITEND_CONFIG", str(shipped("config") / "sluitend.toml")))
    values: dict[str, object] = {}
    if file.exists():
        values.update(tomllib.loads(file.read_text(encoding="utf-8")))
    known = {f.name: f.type for f in fields(Settings)}
    for name in known:
        text = environ.get(f"SLUITEND_{name.upper()}")
        if text is not None:
            values[name] = text
    for name in values:
        if name not in known:
            raise ConfigurationError(f"Expected a known setting, but {name!r} in {file.name} is not one")
    return Settings(**{name: _convert(name, str(known[name]), value) for name, value in values.items()})  # type: ignore[arg-type]  # converted by declared type just here


def _convert(name: str, kind: str, value: object) -> object:
    try:
        if kind == "bool":
            return (
                value if isinstance(value, bool) else str(value).strip().lower() in {"1", "true", "yes", "on"}
            )
        if kind == "int":
            return int(str(value))
        if kind == "float":
            return float(str(value))
    except ValueError as error:
        raise ConfigurationError(f"Expected {name} to be a {kind}, but it is {value!r}") from error
    return str(value)
