"""Settings: config/sluitend.toml below, SLUITEND_* environment variables above."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from service.errors import ConfigurationError

_SHORTEST_SECRET = 32  # characters that sign what a webhook is told
_SERVICE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The folder `processes`, `forms` or `config` that came with this release (checkout or wheel)."""
    beside = _SERVICE.parent / name
    return beside if (_SERVICE.parent / "pyproject.toml").exists() else _SERVICE / "shipped" / name


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """One `[[webhooks]]`: which other system is told of which events."""

    name: str  # stable: what waits to be told is kept under it
    url: str
    types: tuple[str, ...]  # of events, e.g. "nl.sluitend.task.created"
    secret: str = field(repr=False)  # of the environment variable that `secret_env` names


@dataclass(frozen=True, kw_only=True)
class HostHeader:
    """One `[[http_headers]]`: what http-json says to one host with each call, e.g. who we are."""

    host: str
    name: str  # of the header
    value: str = field(repr=False)  # of the environment variable that `value_env` names


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, each with its meaning, unit and default; config/sluitend.toml lists the same names.

    A name there may stand in the table of its first word: `[mail] host` is mail_host. A list is read as words.
    """

    database_url: str = ""  # app role on PostgreSQL >= 15; empty: embedded PostgreSQL in data_dir
    database_admin_url: str = (
        ""  # owner role, for `sluitend db upgrade`, `backup` and `restore`; empty: embedded, or database_url
    )
    data_dir: str = "data"  # embedded database, secret key, anchors
    secret_key: str = ""  # at least 32 characters; empty: made once and kept in data_dir (embedded only)
    keys: str = ""  # master keys as "id:secret id:secret", the first seals, all open; empty: secret_key alone, as "start"
    host: str = "127.0.0.1"
    port: int = 8000
    web_workers: int = 2  # web processes; all hold the listening socket
    web_threads: int = 4  # threads per web process
    demo: bool = False  # demo accounts, clock pinning; never with an external database
    region: str = "zilverbeek"  # folder under config/regio, or a path of your own
    sign_in_file: str = ""  # providers of OpenID Connect; empty: aanmelden.toml in the region's folder
    max_body_bytes: int = 6_000_000  # request body limit
    session_idle_minutes: int = 30
    session_hours: int = 10
    timer_poll_seconds: float = 0.5  # worker looks for due timers
    log_level: str = "INFO"
    log_format: str = "text"  # text | json: one JSON object per line
    trusted_proxies: str = (
        ""  # networks of our own proxies: their X-Forwarded-For, -Proto and X-Request-Id hold
    )
    ready_lag_seconds: float = 60.0  # workers further behind make /health/ready say 503; 0: never
    metrics_token: str = field(default="", repr=False)  # who sends it as Bearer may read /metrics
    metrics_addresses: str = ""  # networks that may read /metrics without it, not through a proxy
    public_url: str = ""  # how people reach the site, for links in mail; empty: http://host:port
    mail_host: str = ""  # SMTP server; empty: mail waits until there is one (demo: it goes to mail_folder)
    mail_port: int = 587
    mail_tls: str = "starttls"  # starttls | implicit | none; none never with a password
    mail_user: str = ""
    mail_password: str = field(default="", repr=False)  # by SLUITEND_MAIL_PASSWORD, not in a file
    mail_sender: str = ""  # address that mail comes from; needed with a host
    mail_timeout_seconds: float = 20.0  # of one conversation step with the server
    mail_folder: str = ""  # demo: where mail is put as .eml files; empty: the folder mail in data_dir
    mail_collect_minutes: int = 5  # new tasks within this time come in one mail
    mail_attempts: int = 12  # before a mail is given up for an operator; the pauses double up to an hour
    http_hosts: str = (
        ""  # hosts that the task type http-json may call, e.g. "api.brp.example *.kadaster.example"
    )
    http_private: str = ""  # networks that may be called although they are private, e.g. "10.20.0.0/16"
    http_timeout_seconds: float = 10.0  # of one whole call
    http_max_bytes: int = 1_000_000  # of an answer
    webhook_attempts: int = 12  # before an event is given up for an operator; the pauses double up to an hour
    webhooks: tuple[Webhook, ...] = ()
    http_headers: tuple[HostHeader, ...] = ()
    keep_drafts_days: int = 90  # a draft that nobody came back to
    keep_sent_days: int = 30  # mail and events that arrived, without content; given up ones stay
    keep_jobs_days: int = 7  # finished jobs of the queue
    idempotency_hours: int = 24  # answers of requests with an Idempotency-Key


def load(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Read the settings file, then the environment over it.

    Raises ConfigurationError for an unknown name or a value of the wrong kind.
    """
    environ = os.environ if environ is None else environ
    file = file or Path(environ.get("SLUITEND_CONFIG", str(shipped("config") / "sluitend.toml")))
    values: dict[str, object] = {}
    if file.exists():
        values.update(_flat(tomllib.loads(file.read_text(encoding="utf-8"))))
    known = {f.name: f.type for f in fields(Settings)}
    for name in known:
        text = environ.get(f"SLUITEND_{name.upper()}")
        if text is not None and name not in _TABLES:
            values[name] = text
    for name in values:
        if name not in known:
            raise ConfigurationError(f"Expected a known setting, but {name!r} in {file.name} is not one")
    webhooks = tuple(_webhook(one, environ) for one in _tables(values, "webhooks"))
    if len({one.name for one in webhooks}) < len(webhooks):
        raise ConfigurationError("Expected each webhook under a name of its own")
    headers = tuple(_host_header(one, environ) for one in _tables(values, "http_headers"))
    read = {name: _convert(name, str(known[name]), value) for name, value in values.items()}
    return Settings(**read, webhooks=webhooks, http_headers=headers)  # type: ignore[arg-type]  # converted by declared type just here


def _flat(read: Mapping[str, object]) -> dict[str, object]:
    """Names of tables joined to the names in them, lists of words to one text."""
    flat: dict[str, object] = {}
    for name, value in read.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}_{inner}": _words(one) for inner, one in value.items()}
        else:
            flat[name] = value if name in _TABLES else _words(value)
    return flat


def _words(value: object) -> object:
    return " ".join(str(one) for one in value) if isinstance(value, list) else value


_TABLES = ("webhooks", "http_headers")
_OF_HEADER = {"host", "name", "value_env"}
_OF_WEBHOOK = {"name", "url", "types", "secret_env"}


def _tables(values: dict[str, object], name: str) -> list[Mapping[str, object]]:
    told = values.pop(name, [])
    if not isinstance(told, list) or not all(isinstance(one, Mapping) for one in told):
        raise ConfigurationError(f"Expected {name} as [[{name}]] tables")
    return told


def _host_header(told: Mapping[str, object], environ: Mapping[str, str]) -> HostHeader:
    if set(told) != _OF_HEADER:
        raise ConfigurationError(f"Expected an http header with {', '.join(sorted(_OF_HEADER))}")
    value = environ.get(str(told["value_env"]), "")
    if not value:
        raise ConfigurationError(f"Expected a value in {told['value_env']}, for a header of {told['host']}")
    return HostHeader(host=str(told["host"]).lower(), name=str(told["name"]), value=value)


def _webhook(told: Mapping[str, object], environ: Mapping[str, str]) -> Webhook:
    if set(told) != _OF_WEBHOOK or not isinstance(types := told["types"], list) or not types:
        raise ConfigurationError(f"Expected a webhook with {', '.join(sorted(_OF_WEBHOOK))}")
    secret = environ.get(str(told["secret_env"]), "")
    if len(secret) < _SHORTEST_SECRET:
        raise ConfigurationError(
            f"Expected at least {_SHORTEST_SECRET} characters in {told['secret_env']}, the secret of a webhook"
        )
    return Webhook(
        name=str(told["name"]), url=str(told["url"]), types=tuple(str(one) for one in types), secret=secret
    )


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
