"""The application on a database of its own, with something of everything to find: it is about to be asked anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from service.app import create_app
from service.config import Settings
from service.operations import region, runtime
from tests.site import passable


@pytest.fixture(scope="package")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    settings = Settings(data_dir=str(passable(tmp_path_factory.mktemp("data"))), demo=True)
    with runtime.embedded(settings):
        runtime.upgrade(settings)
        region.load(runtime.start(settings).region)
        yield create_app(settings, connect=False)
        runtime.stop()
