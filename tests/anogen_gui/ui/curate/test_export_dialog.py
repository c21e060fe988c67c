"""The export dialog."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.curate.export_dialog import ExportDialog
from anogen_gui.ui.icons import Icons


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that the file manager was asked to show."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    return opened


@pytest.fixture
def dialog(
    qtbot: QtBot, icons: Icons, project_model: ProjectModel, opened: list[str]
) -> Iterator[ExportDialog]:
    """Over six samples, of which two are accepted."""
    project_model.samples.set_verdict([1, 2], "accepted")
    dialog = ExportDialog(icons, project_model)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    yield dialog
    project_model.exporting.close()


def test_accepted_samples_go_to_a_folder_beside_the_project(
    dialog: ExportDialog, project_model: ProjectModel
) -> None:
    assert (dialog.format, dialog.includes_all) == ("mvtec", False)
    assert dialog.folder.text() == str(project_model.folder.parent / "P-mvtec")
    assert dialog.preview.text() == "2 samples with their masks, beside 4 good photos."
    assert dialog.start.isEnabled()


def test_the_suggested_folder_follows_the_layout_until_another_is_chosen(
    dialog: ExportDialog, tmp_path: Path
) -> None:
    dialog.formats["coco"].click()
    assert dialog.folder.text().endswith("P-coco")
    assert dialog.preview.text() == "2 samples with their masks."
    dialog.folder.setText(str(tmp_path / "mine"))
    dialog.formats["yolo"].click()
    assert dialog.folder.text() == str(tmp_path / "mine")


def test_a_folder_that_is_there_is_not_suggested(
    icons: Icons, project_model: ProjectModel, qtbot: QtBot
) -> None:
    (project_model.folder.parent / "P-mvtec").mkdir()
    dialog = ExportDialog(icons, project_model)
    qtbot.addWidget(dialog)
    assert dialog.folder.text().endswith("P-mvtec-2")


def test_all_samples_can_be_chosen(dialog: ExportDialog) -> None:
    dialog.scope.set_value(True)
    assert dialog.preview.text().startswith("6 samples")


def test_a_folder_with_something_in_it_is_refused_at_once(
    dialog: ExportDialog, project_model: ProjectModel
) -> None:
    dialog.folder.setText(str(project_model.folder))
    assert dialog.problem.text() == "This folder is not empty: choose a new one, or an empty one."
    assert not dialog.start.isEnabled()
    dialog.folder.setText("")
    assert dialog.problem.text() == "Choose a folder."
    dialog.folder.setText(str(project_model.folder / "project.sqlite"))
    assert dialog.problem.text().startswith("That is a file")


def test_without_accepted_samples_all_are_offered(
    icons: Icons, project_model: ProjectModel, qtbot: QtBot
) -> None:
    dialog = ExportDialog(icons, project_model)
    qtbot.addWidget(dialog)
    assert dialog.includes_all
    dialog.scope.set_value(False)
    assert dialog.problem.text() == "No sample is accepted yet: accept some, or export all."
    assert not dialog.start.isEnabled()


def test_the_export_is_written_and_shown(
    qtbot: QtBot, dialog: ExportDialog, project_model: ProjectModel, opened: list[str], tmp_path: Path
) -> None:
    dialog.formats["coco"].click()
    dialog.folder.setText(str(tmp_path / "out"))
    with qtbot.waitSignals([project_model.exporting.ended, dialog.finished]):
        dialog.start.click()
        assert not dialog.start.isEnabled()
        assert dialog.progress.isVisible()
    assert len(json.loads((tmp_path / "out" / "annotations.json").read_text())["images"]) == 2
    assert opened == [str(tmp_path / "out")]


def test_the_folder_is_opened_only_if_that_is_wanted(
    qtbot: QtBot, dialog: ExportDialog, project_model: ProjectModel, opened: list[str], tmp_path: Path
) -> None:
    dialog.opens.click()
    dialog.folder.setText(str(tmp_path / "out"))
    with qtbot.waitSignal(project_model.exporting.ended):
        dialog.write()
    assert not opened


def test_what_goes_wrong_is_said_and_can_be_mended(
    qtbot: QtBot, dialog: ExportDialog, project_model: ProjectModel, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    dialog.folder.setText(str(tmp_path / "file" / "out"))
    with qtbot.waitSignal(project_model.exporting.ended):
        dialog.start.click()
    assert str(tmp_path / "file" / "out") in dialog.problem.text()
    assert dialog.isVisible()
    dialog.folder.setText(str(tmp_path / "out"))
    assert not dialog.problem.isVisible()
    assert dialog.start.isEnabled()


def test_samples_that_are_left_out_keep_the_dialog_open(
    qtbot: QtBot, dialog: ExportDialog, project_model: ProjectModel, tmp_path: Path
) -> None:
    project_model.file(project_model.samples.all()[0].path).unlink()
    dialog.folder.setText(str(tmp_path / "out"))
    with qtbot.waitSignal(project_model.exporting.ended):
        dialog.start.click()
    assert dialog.isVisible()
    assert dialog.problem.text().startswith("1 sample left out:")
    assert dialog.cancel.text() == "Close"
    assert (tmp_path / "out").is_dir()


def test_closing_it_cancels(
    qtbot: QtBot, dialog: ExportDialog, project_model: ProjectModel, tmp_path: Path
) -> None:
    dialog.folder.setText(str(tmp_path / "out"))
    with qtbot.waitSignal(project_model.exporting.ended):
        dialog.write()
        dialog.cancel.click()
    assert not (tmp_path / "out").exists()


def test_a_folder_can_be_looked_for(
    dialog: ExportDialog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "empty"))
    (tmp_path / "empty").mkdir()
    dialog.browse.click()
    assert dialog.folder.text() == str(tmp_path / "empty")
    assert dialog.start.isEnabled()
