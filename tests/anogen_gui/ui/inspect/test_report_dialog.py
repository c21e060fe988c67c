"""The dialog that writes a report."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.report_dialog import ReportDialog
from engine.project import Project
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import run_import, write_mvtec
from tests.engine.reporting.inspected import RUN, record_run


@pytest.fixture
def project_model(qtbot: QtBot, tmp_path: Path) -> Iterator[ProjectModel]:
    """A detector has looked at four test photos of a product."""
    project = Project.create(tmp_path / "P")
    run_import(project, write_mvtec(tmp_path / "source"))
    record_run(project)
    model = ProjectModel(project, ScriptedClient())
    yield model
    model.close()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that the browser was asked to show."""
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    return shown


@pytest.fixture
def dialog(qtbot: QtBot, icons: Icons, project_model: ProjectModel, shown: list[str]) -> ReportDialog:
    run = next(run for run in project_model.project.runs() if run.name == RUN)
    dialog = ReportDialog(icons, project_model, run)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def test_the_report_lies_beside_the_project_and_is_shown(
    qtbot: QtBot, dialog: ReportDialog, project_model: ProjectModel, shown: list[str]
) -> None:
    folder = project_model.folder.parent / "P-report"
    assert dialog.folder.text() == str(folder)
    with qtbot.waitSignal(dialog.accepted):
        dialog.start.click()
        assert not dialog.start.isEnabled()
        assert dialog.progress.isVisible()
    assert shown == [str(folder / "report.html")]
    assert (folder / "report.pdf").is_file()


def test_it_is_not_shown_where_nobody_wants_that(
    qtbot: QtBot, dialog: ReportDialog, shown: list[str]
) -> None:
    dialog.opens.click()
    with qtbot.waitSignal(dialog.accepted):
        dialog.start.click()
    assert shown == []


def test_a_former_report_is_said_to_give_way(dialog: ReportDialog, tmp_path: Path) -> None:
    assert not dialog.former.isVisible()
    (tmp_path / "report.html").write_text("former")
    dialog.folder.setText(str(tmp_path))
    assert dialog.former.isVisible()
    assert dialog.former.text() == "The report that is in this folder is replaced."


def test_a_folder_is_needed(dialog: ReportDialog, project_model: ProjectModel) -> None:
    dialog.folder.setText(" ")
    assert dialog.problem.text() == "Choose a folder."
    assert not dialog.start.isEnabled()
    dialog.folder.setText(str(project_model.folder / "project.sqlite"))
    assert dialog.problem.text() == "That is a file: choose a folder."


def test_another_folder_is_chosen(
    dialog: ReportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_arguments: str(tmp_path))
    dialog.browse.click()
    assert dialog.folder.text() == str(tmp_path)


def test_what_is_missing_stays_to_be_read(
    qtbot: QtBot, dialog: ReportDialog, project_model: ProjectModel, shown: list[str]
) -> None:
    project = project_model.project
    project.forget_inspections(RUN, [each.photo for each in project.inspections(RUN)])
    with qtbot.waitSignal(project_model.reporting.ended):
        dialog.start.click()
    assert "has not looked at the test photos yet. Measure it on the page Train." in dialog.problem.text()
    assert dialog.problem.isVisible()
    assert dialog.start.isEnabled()
    assert shown == []


def test_a_photo_that_is_left_out_keeps_the_dialog_open(
    qtbot: QtBot, dialog: ReportDialog, project_model: ProjectModel, shown: list[str]
) -> None:
    (project_model.folder / "photos/test/100.png").write_bytes(b"no photo")
    with qtbot.waitSignal(project_model.reporting.ended):
        dialog.start.click()
    assert "1 photo could not be shown or used:" in dialog.problem.text()
    assert dialog.isVisible()
    assert dialog.cancel.text() == "Close"
    assert len(shown) == 1
