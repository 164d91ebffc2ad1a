"""The settings file: every setting stands in it with its default, and a fault in it is told by name."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from service import config
from service.config import Settings
from service.errors import ConfigurationError

SHIPPED = config.shipped("config") / "sluitend.toml"
SECRET = "a-secret-of-more-than-thirty-two-signs"
WEBHOOK = '[[webhooks]]\nname = "zaken"\nurl = "https://zaken.example"\ntypes = ["a"]\nsecret_env = "S"\n'


def read(folder: Path, text: str, environ: dict[str, str] | None = None) -> Settings:
    file = folder / "sluitend.toml"
    file.write_text(text, encoding="utf-8")
    return config.load(environ or {}, file)


def test_the_shipped_file_holds_every_setting_with_its_default() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    opened = re.sub(r"^# (\w+ = )", r"\1", text.partition("# One [[webhooks]]")[0], flags=re.MULTILINE)
    told: dict[str, Any] = {}
    for name, value in tomllib.loads(opened).items():
        told |= {f"{name}_{one}": v for one, v in value.items()} if isinstance(value, dict) else {name: value}
    expected = {
        one.name: one.default for one in fields(Settings) if one.name not in {"webhooks", "http_headers"}
    }
    assert {name: "" if value == [] else value for name, value in told.items()} == expected


def test_the_shipped_file_changes_nothing() -> None:
    assert config.load({}, SHIPPED) == Settings()


def test_a_table_a_list_and_the_environment_are_read(tmp_path: Path) -> None:
    text = '[mail]\nhost = "smtp.example"\nport = 25\n[http]\nhosts = ["a.example", "b.example"]\n'
    settings = read(tmp_path, text, {"SLUITEND_MAIL_PORT": "465"})
    assert (settings.mail_host, settings.mail_port) == ("smtp.example", 465)
    assert settings.http_hosts.split() == ["a.example", "b.example"]


def test_a_webhook_takes_its_secret_from_the_environment(tmp_path: Path) -> None:
    settings = read(tmp_path, WEBHOOK, {"S": SECRET})
    (webhook,) = settings.webhooks
    assert (webhook.name, webhook.url, webhook.types) == ("zaken", "https://zaken.example", ("a",))
    assert webhook.secret == SECRET
    assert SECRET not in repr(settings)


HEADER = '[[http_headers]]\nhost = "API.example"\nname = "Authorization"\nvalue_env = "S"\n'


def test_a_header_for_one_host_takes_its_value_from_the_environment(tmp_path: Path) -> None:
    settings = read(tmp_path, HEADER, {"S": "Bearer zeer-geheim"})
    assert [(one.host, one.name, one.value) for one in settings.http_headers] == [
        ("api.example", "Authorization", "Bearer zeer-geheim")
    ]
    assert "zeer-geheim" not in repr(settings)


@pytest.mark.parametrize(
    "text",
    [
        '[mail]\nhots = "x"\n',
        "nonsense = 1\n",
        WEBHOOK.replace('"S"', '"OTHER"'),
        WEBHOOK + WEBHOOK,
        WEBHOOK.replace("url", "adres"),
        'webhooks = "x"\n',
        HEADER.replace('"S"', '"OTHER"'),
        HEADER.replace("host", "hots"),
    ],
)
def test_a_fault_in_the_file_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError):
        read(tmp_path, text, {"S": SECRET})
