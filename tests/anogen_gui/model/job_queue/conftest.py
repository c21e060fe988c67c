"""Fixtures of the tests of this folder."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.engine_client import EngineClient
from anogen_gui.model.job_queue import JobQueue
from engine.project import Project
from tests.anogen_gui.model.job_queue.queued import FAKE
from tests.anogen_gui.scripted_client import ScriptedClient


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "P") as made:
        yield made


@pytest.fixture
def queue(project: Project, engine: ScriptedClient) -> Iterator[JobQueue]:
    made = JobQueue(project, engine)
    yield made
    made.close()


@pytest.fixture
def client(qtbot: QtBot) -> Iterator[EngineClient]:
    made = EngineClient((sys.executable, str(FAKE)), cancel_wait_s=0.3)
    yield made
    made.stop()
