"""Lineage and coverage beside the results."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from anogen_gui.model.inspecting import Inspecting
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.coverage_dialog import CoverageDialog
from anogen_gui.ui.inspect.further import Further
from engine.project import Project
from engine.protocol import PhotoInspected
from tests.anogen_gui.drawn_product import write_project
from tests.anogen_gui.model.training_runs import train_job, write_training
from tests.anogen_gui.scripted_client import ScriptedClient


@pytest.fixture
def project(tmp_path: Path, qtbot: QtBot) -> Iterator[ProjectModel]:
    """A detector that has looked at a support photo and a good one."""
    write_project(tmp_path / "P")
    opened = Project.open(tmp_path / "P")
    row = write_training(opened, train_job(opened), "draem-1")
    opened.set_bands(row.id, 0.2, 0.5)
    for photo in (opened.chosen_supports("crack")[0], opened.photos("good")[0]):
        opened.record(
            PhotoInspected(run="draem-1", photo=photo.path, score=0.1, map="runs/draem-1/maps/a.png")
        )
    project = ProjectModel(opened, ScriptedClient())
    yield project
    project.close()


@pytest.fixture
def model(project: ProjectModel) -> Iterator[Inspecting]:
    model = Inspecting(project)
    yield model
    model.close()


@pytest.fixture
def further(
    qtbot: QtBot, icons: Icons, thumbnails: Thumbnails, model: Inspecting, project: ProjectModel
) -> Iterator[Further]:
    further = Further(icons, thumbnails)
    qtbot.addWidget(further)
    further.resize(308, 1200)
    further.show()
    further.bind(model, project)
    yield further
    further.bind(None, None)


def texts(further: Further) -> list[str]:
    return [label.text() for label in further.lineage.findChildren(QLabel) if not label.isHidden()]


def test_the_lineage_is_read_once_somebody_looks(further: Further, qtbot: QtBot) -> None:
    assert further.lineage.tiles() == []
    further.fold.set_open(True)
    qtbot.waitUntil(lambda: bool(further.lineage.tiles()))
    assert {"Detector", "3 support photos"} <= set(texts(further))
    with qtbot.waitSignal(further.item_requested) as requested:
        further.lineage.tiles()[0].click()
    assert requested.args[0] == "curate"


def test_a_support_photo_leads_the_other_way(
    further: Further, model: Inspecting, project: ProjectModel, qtbot: QtBot
) -> None:
    further.fold.set_open(True)
    support = project.anomalies.supports("crack")[0]
    model.go_to(support.path)
    qtbot.waitUntil(lambda: "1 support photo" in texts(further))
    model.go_to(None)
    qtbot.waitUntil(lambda: "3 support photos" in texts(further))


def test_the_coverage_opens(further: Further, qtbot: QtBot) -> None:
    further.coverage.click()
    (dialog,) = further.findChildren(CoverageDialog)
    qtbot.waitUntil(lambda: dialog.count_of("real") == "3")
    assert dialog.anomaly.value == "crack"
    dialog.accept()
