"""The window of those who only look."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.ui.inspect.heat_view import LOST_MAP
from anogen_gui.ui.inspect.viewer_page import ViewerPage
from anogen_gui.ui.key_sheet import KeySheetOverlay
from anogen_gui.ui.kit import TextLabel
from anogen_gui.ui.viewer_window import ViewerWindow
from anogen_gui.viewer import Viewer, build_viewer
from engine.project import Project
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import run_import, write_mvtec
from tests.engine.reporting.inspected import record_run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Biscuits"


@pytest.fixture
def viewer(folder: Path, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Viewer]:
    """On a folder in which there is no project yet."""
    viewer = build_viewer(qapp, ScriptedClient("off"), folder, tmp_path / "cache")
    viewer.window.show()
    yield viewer
    viewer.close()
    qapp.setStyleSheet("")


@pytest.fixture
def window(viewer: Viewer) -> ViewerWindow:
    return viewer.window


@pytest.fixture
def inspected(folder: Path) -> Path:
    """A detector with bands at 0.3 and 0.6 has looked at photos: two of the four that count are rejected."""
    with Project.create(folder) as project:
        run_import(project, write_mvtec(folder.with_name("source")))
        record_run(project)
        (row,) = project.runs()
        project.set_bands(row.id, 0.3, 0.6)
    return folder


@pytest.fixture
def page(window: ViewerWindow, inspected: Path, qtbot: QtBot) -> ViewerPage:
    """With the results of the project."""
    window.refresh()
    _wait_for_results(window.page, qtbot)
    return window.page


def _wait_for_results(page: ViewerPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.viewing is not None and page.viewing.report is not None, timeout=10_000)
    qtbot.waitUntil(page.grid.isVisible)


def focused(widget: QWidget, qtbot: QtBot) -> None:
    """The keyboard is there."""
    widget.window().activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)


def words(page: ViewerPage) -> set[str]:
    return {label.text() for label in page.pane.photo_bar.findChildren(TextLabel)}


# --- the project


def test_where_there_is_no_project_it_says_so_until_there_is_one(window: ViewerWindow, folder: Path) -> None:
    window.refresh()
    assert window.problem.isVisible()
    Project.create(folder).close()
    window.problem.button.click()
    assert window.page.isVisible()
    assert window.windowTitle().startswith("Biscuits")


def test_a_project_without_results_says_so(window: ViewerWindow, folder: Path, qtbot: QtBot) -> None:
    Project.create(folder).close()
    window.refresh()
    page = window.page
    qtbot.waitUntil(lambda: page.viewing is not None and page.viewing.detectors == (), timeout=10_000)
    assert page.nothing.isVisible()
    assert "No results yet" in {label.text() for label in page.nothing.findChildren(TextLabel)}


def test_a_damaged_project_is_told(window: ViewerWindow, folder: Path) -> None:
    Project.create(folder).close()
    (folder / "project.sqlite").write_bytes(b"no catalogue" * 400)
    window.refresh()
    assert window.problem.isVisible()
    assert not window.page.isVisible()


def test_f11_fills_the_screen_and_back(window: ViewerWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert window.full_screen.text() == "Window"
    window.full_screen.click()
    assert not window.isFullScreen()


# --- its keys


def sheet_of(window: ViewerWindow) -> KeySheetOverlay | None:
    return window.findChild(KeySheetOverlay)


def test_the_question_mark_shows_the_keys_of_the_viewer_alone_and_puts_them_away(
    window: ViewerWindow, page: ViewerPage, qtbot: QtBot
) -> None:
    focused(page.grid, qtbot)
    qtbot.keyClick(page.grid, Qt.Key.Key_Question)
    sheet = sheet_of(window)
    assert sheet is not None
    assert sheet.isVisible()
    told = {label.text() for label in sheet.findChildren(QLabel)}
    assert {"Photos", "The large picture", "Window", "F5", "F11", "?", "H"} <= told
    assert not {"Ctrl+Z", "Ctrl+J", "M", "G", "X", "U", "Esc", "Undo", "Projects"} & told
    with qtbot.waitSignal(sheet.destroyed):
        qtbot.keyClick(sheet, Qt.Key.Key_Question)
    assert sheet_of(window) is None
    assert page.grid.hasFocus(), "the keyboard is where it was"


def test_the_keys_are_reached_by_the_mouse(window: ViewerWindow, page: ViewerPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.keys_button, Qt.MouseButton.LeftButton)
    sheet = sheet_of(window)
    assert sheet is not None
    assert sheet.isVisible()


@pytest.mark.parametrize("place", ["photos", "picture"])
def test_keys_do_what_the_sheet_says_wherever_the_keyboard_is(
    place: str, page: ViewerPage, qtbot: QtBot
) -> None:
    view, bar = page.pane.view, page.pane.bar
    here = page.grid if place == "photos" else view
    qtbot.waitUntil(lambda: view.is_map_shown and view.photo_size is not None)
    focused(here, qtbot)
    press = partial(qtbot.keyClick, here)
    for key, seen in (("P", "photo"), ("A", "map"), ("B", "blink"), ("H", "both")):
        press(key)
        assert view.mode == seen
    opacity = view.opacity
    press("[")
    assert view.opacity < opacity
    press("]")
    assert view.opacity == pytest.approx(opacity)
    press("O")
    press("T")
    assert bar.map_outline.isChecked()
    assert bar.truth_outline.isChecked()
    press("0", Qt.KeyboardModifier.ControlModifier)
    assert view.viewport.zoom == 1.0
    press("+")
    assert view.viewport.zoom > 1.0
    press("-")
    assert view.viewport.zoom == 1.0
    press("F")
    assert view.viewport.zoom != 1.0
    press(Qt.Key.Key_End)
    assert "4 of 4" in words(page)
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_Down)
    assert "2 of 4" in words(page)
    press(Qt.Key.Key_Up)
    assert "1 of 4" in words(page)


# --- its results


def test_the_most_anomalous_photo_is_seen_first_with_its_verdict(page: ViewerPage, qtbot: QtBot) -> None:
    assert len(page.grid.selection.ids) == 4
    assert {"Rejected", "0.900", "Bad: crack", "1 of 4"} <= words(page)
    qtbot.waitUntil(lambda: page.pane.view.is_map_shown and page.pane.view.photo_size is not None)


def test_the_photos_of_one_verdict_are_shown(page: ViewerPage) -> None:
    buttons = page.bands.buttons
    assert [buttons[band].text().split()[-1] for band in (None, "ng", "look_again", "ok")] == list("4211")
    buttons["look_again"].click()
    assert len(page.grid.selection.ids) == 1
    assert {"Look again", "0.500", "1 of 1"} <= words(page)
    buttons[None].click()
    assert len(page.grid.selection.ids) == 4
    assert "3 of 4" in words(page), "the photo that was looked at stays"


def test_keys_go_from_photo_to_photo_in_grid_and_picture(page: ViewerPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.grid, Qt.Key.Key_Down)
    assert "2 of 4" in words(page)
    qtbot.keyClick(page.pane.view, Qt.Key.Key_Right)
    assert "3 of 4" in words(page)
    for _ in range(9):
        qtbot.keyClick(page.pane.view, Qt.Key.Key_Left)
    assert "1 of 4" in words(page)


def test_f5_shows_what_is_new(window: ViewerWindow, page: ViewerPage, inspected: Path, qtbot: QtBot) -> None:
    with Project.open(inspected) as project:  # nobody holds its lock
        (row,) = project.runs()
        project.set_bands(row.id, 0.7, 0.8)
    qtbot.keyClick(window, Qt.Key.Key_F5)
    _wait_for_results(page, qtbot)
    assert page.bands.buttons["ng"].text().split()[-1] == "1"


def test_a_project_that_is_open_elsewhere_is_shown(
    window: ViewerWindow, inspected: Path, qtbot: QtBot
) -> None:
    with Project.open(inspected):
        window.refresh()
        _wait_for_results(window.page, qtbot)
        assert len(window.page.grid.selection.ids) == 4


def test_nothing_in_it_changes_the_project_or_starts_the_engine(
    viewer: Viewer, page: ViewerPage, inspected: Path, qtbot: QtBot
) -> None:
    before = {
        file: file.stat().st_mtime_ns for file in inspected.rglob("*") if file.suffix in (".sqlite", ".png")
    }
    for button in viewer.window.findChildren(QAbstractButton):
        if button.isVisible():
            button.click()
    for key in (Qt.Key.Key_X, Qt.Key.Key_G, Qt.Key.Key_U, Qt.Key.Key_Delete):
        qtbot.keyClick(page.pane.view, key)
    viewer.window.refresh()
    _wait_for_results(page, qtbot)
    engine = viewer.studio.engine
    assert isinstance(engine, ScriptedClient)
    assert engine.submitted == []
    after = {
        file: file.stat().st_mtime_ns for file in inspected.rglob("*") if file.suffix in (".sqlite", ".png")
    }
    assert after == before
    with Project.open(inspected, read_only=True) as project:
        assert project.opinions() == {}


def test_what_is_lost_is_told_and_the_rest_is_shown(
    window: ViewerWindow, inspected: Path, qtbot: QtBot
) -> None:
    with Project.open(inspected, read_only=True) as project:
        (row,) = project.runs()
        maps = {each.photo: inspected / each.map for each in project.inspections(row.name)}
    maps["photos/test/crack/003.png"].write_bytes(b"no map")
    (inspected / "photos/test/100.png").unlink()
    window.refresh()
    page = window.page
    _wait_for_results(page, qtbot)
    page.grid.selection.select_only("photos/test/crack/003.png")
    qtbot.waitUntil(lambda: page.pane.view.message == LOST_MAP)
    assert "0.900" in words(page)
    assert "photos/test/100.png" not in page.grid.selection.ids
    assert len(page.grid.selection.ids) == 3
