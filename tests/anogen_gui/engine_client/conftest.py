"""Fixtures of the tests of this folder."""

import sys
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.engine_client import EngineClient
from tests.anogen_gui.engine_client.heard import FAKE, Heard, children


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Callable[..., Heard]]:
    """Makes clients of the fake engine; all are stopped at the end, and then no process is left."""
    made: list[EngineClient] = []

    def make(*behaviour: str, cancel_wait_s: float = 10.0, stop_wait_s: float = 5.0) -> Heard:
        command = (sys.executable, str(FAKE), *behaviour)
        client = EngineClient(command, cancel_wait_s, stop_wait_s)
        made.append(client)
        return Heard(client, qtbot)

    yield make
    for client in made:
        client.stop()
        assert children() == []
