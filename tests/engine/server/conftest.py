"""Fixtures of the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.engine.server.served import EngineProcess


@pytest.fixture
def engine() -> Iterator[EngineProcess]:
    started = EngineProcess()
    yield started
    started.process.kill()
    started.process.communicate()
