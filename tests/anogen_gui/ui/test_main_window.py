"""The window over a real studio: projects, pages, panels, menus, and what it remembers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.model.demo import Demo
from anogen_gui.model.studio import Studio
from anogen_gui.settings import Settings
from anogen_gui.ui.about_dialog import AboutDialog
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.key_sheet import KeySheet, KeySheetOverlay
from anogen_gui.ui.main_window import MainWindow
from anogen_gui.ui.new_project_dialog import NewProjectDialog
from anogen_gui.ui.pages import PageSpec
from anogen_gui.ui.settings_dialog import SettingsDialog
from anogen_gui.ui.theme import DARK, ThemeModel
from engine.project import Project
from tests.anogen_gui.scripted_client import ScriptedClient

KEYS = ("photos", "learn", "place", "curate", "train", "inspect")


class Desk:
    """Makes windows with the same settings, as starts of the application do one after the other."""

    def __init__(self, folder: Path, theme_model: ThemeModel, icons: Icons, qtbot: QtBot) -> None:
        self.folder, self.theme_model, self.icons, self.qtbot = folder, theme_model, icons, qtbot
        self.settings = Settings(folder / "config")
        self.key_sheet = KeySheet()
        self.start()

    def start(self) -> MainWindow:
        self.engine = ScriptedClient("off")
        self.studio = Studio(self.engine)
        self.demo = Demo(self.studio)
        specs = [PageSpec(key, key.capitalize(), "mdi6.image-multiple-outline", QLabel) for key in KEYS]
        self.window = MainWindow(
            self.studio,
            self.demo,
            self.folder / "demo",
            self.settings,
            self.theme_model,
            self.icons,
            specs,
            self.key_sheet,
        )
        self.qtbot.addWidget(self.window)
        self.window.show()
        return self.window


@pytest.fixture
def desk(tmp_path: Path, theme_model: ThemeModel, icons: Icons, qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(tmp_path, theme_model, icons, qtbot)
    yield desk
    desk.window.close()


@pytest.fixture
def window(desk: Desk) -> MainWindow:
    return desk.window


@pytest.fixture
def opened(desk: Desk) -> MainWindow:
    """A window with a new project "P"."""
    assert desk.studio.new_project(desk.folder / "P")
    return desk.window


def action(window: MainWindow, key: str) -> QAction:
    """The action of the menus with this key."""
    return next(each for each in window.menus.findChildren(QAction) if QKeySequence(key) in each.shortcuts())


def test_without_a_project_it_is_the_start_page(window: MainWindow) -> None:
    assert window.stack.currentWidget() is window.welcome
    assert window.windowTitle() == "AnoGen Studio"
    assert not window.rail.isVisible()
    assert not window.jobs_panel.isVisible()
    assert not action(window, "Ctrl+2").isEnabled()


def test_a_project_opens_on_its_first_page(opened: MainWindow, desk: Desk) -> None:
    assert opened.windowTitle() == "P – AnoGen Studio"
    assert opened.rail.isVisible()
    assert opened.stack.currentWidget() is opened.stack.page("photos")
    assert desk.settings.recent_projects == (desk.folder / "P",)


def test_closing_the_project_leads_back_to_the_start_page(opened: MainWindow, desk: Desk) -> None:
    action(opened, "Ctrl+W").trigger()
    assert desk.studio.project is None
    assert opened.stack.currentWidget() is opened.welcome
    assert opened.windowTitle() == "AnoGen Studio"
    assert not opened.rail.isVisible()


@pytest.mark.parametrize(("number", "key"), list(enumerate(KEYS, start=1)))
def test_every_page_has_a_key_and_a_button(opened: MainWindow, number: int, key: str) -> None:
    action(opened, f"Ctrl+{number}").trigger()
    assert opened.stack.currentWidget() is opened.stack.page(key)
    assert opened.rail.button(key).isChecked()
    other = KEYS[number % len(KEYS)]
    opened.rail.button(other).click()
    assert opened.stack.currentWidget() is opened.stack.page(other)
    assert action(opened, f"Ctrl+{number % len(KEYS) + 1}").isChecked()


def test_a_new_project_is_asked_for_and_made(window: MainWindow, desk: Desk) -> None:
    action(window, "Ctrl+N").trigger()
    dialog = window.findChild(NewProjectDialog)
    assert dialog.isVisible()
    dialog.place.set_value(str(desk.folder))
    dialog.name.set_value("Valve")
    dialog.make.click()
    assert desk.studio.project is not None
    assert desk.studio.project.folder == desk.folder / "Valve"


def test_a_project_is_asked_for_and_opened(
    window: MainWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.create(desk.folder / "there"):
        pass
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(desk.folder / "there"))
    action(window, "Ctrl+O").trigger()
    assert desk.studio.project is not None
    assert desk.studio.project.name == "there"


def test_a_project_that_cannot_be_opened_is_told_of_in_a_notice(window: MainWindow, desk: Desk) -> None:
    assert not window.open_project(desk.folder / "nothing")
    assert len(window.notices.texts) == 1
    assert "nothing" in window.notices.texts[0]


def test_undo_names_its_step(opened: MainWindow, desk: Desk) -> None:
    project = desk.studio.project
    assert project is not None
    steps: list[str] = []
    project.history.do("Move box", lambda: steps.append("moved"), lambda: steps.append("back"))
    undo, redo = action(opened, "Ctrl+Z"), action(opened, "Ctrl+Y")
    assert undo.text() == "Undo Move box"
    undo.trigger()
    assert redo.text() == "Redo Move box"
    redo.trigger()
    assert steps == ["moved", "back", "moved"]


def test_the_jobs_panel_is_shown_and_hidden(opened: MainWindow, qtbot: QtBot) -> None:
    toggle = action(opened, "Ctrl+J")
    toggle.trigger()
    assert opened.jobs_panel.isVisible()
    opened.jobs_panel.close_requested.emit()
    assert not opened.jobs_panel.isVisible()
    assert not toggle.isChecked()
    opened.status_line.jobs_clicked.emit()
    assert opened.jobs_panel.isVisible()


@pytest.mark.parametrize("width", [960, 1400])
def test_notices_are_seen_over_every_page_and_beside_the_jobs(opened: MainWindow, width: int) -> None:
    opened.resize(width, 700)
    opened.notices.show_error("The disk is full.")
    for key in ("photos", "train"):  # the latter is made now
        opened.stack.show_page(key)
        for is_open in (True, False):
            opened.menus.jobs_panel.setChecked(is_open)
            QApplication.processEvents()
            place = opened.notices.parentWidget()
            corners = opened.notices.geometry().adjusted(20, 20, -20, -20)
            for corner in (corners.topLeft(), corners.bottomRight()):
                assert opened.notices.isAncestorOf(place.childAt(corner))
            assert opened.notices.geometry().right() < place.page_room().right()


def test_the_theme_is_switched_from_the_menu_and_kept(
    window: MainWindow, desk: Desk, qapp: QApplication
) -> None:
    dark = next(each for each in window.menus.findChildren(QAction) if each.text() == "Dark")
    dark.trigger()
    assert desk.theme_model.theme is DARK
    assert desk.settings.preferences.theme == "dark"
    assert dark.isChecked()


def test_the_status_line_follows_engine_and_preferences(window: MainWindow, desk: Desk) -> None:
    desk.engine.state_changed.emit("ready")
    desk.engine.engine_described.emit("CPU, 2 cores", "0.1.0")
    desk.settings.change(backbone="sd-1.5")
    texts = {label.text() for label in window.status_line.findChildren(QLabel)}
    assert {"Engine ready", "CPU, 2 cores", "Backbone: sd-1.5"} <= texts


def test_the_question_mark_shows_the_keys_of_this_page(opened: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    desk.key_sheet.add("Place", [("D", "Draw a box")], "place")
    opened.stack.show_page("place")
    qtbot.keyClick(opened, Qt.Key.Key_Question)
    qtbot.waitUntil(lambda: opened.findChild(KeySheetOverlay) is not None)
    sheet = opened.findChild(KeySheetOverlay)
    assert {"Place", "Pages", "Everywhere", "Jobs", "Projects"} <= {
        label.text() for label in sheet.findChildren(QLabel)
    }
    sheet.close()


def test_settings_and_about_are_opened_and_go_when_they_are_closed(window: MainWindow, qtbot: QtBot) -> None:
    action(window, "Ctrl+,").trigger()
    window.menus.about_requested.emit()
    for kind in (SettingsDialog, AboutDialog):
        dialog = window.findChild(kind)
        assert dialog.isVisible()
        with qtbot.waitSignal(dialog.destroyed):
            dialog.close()


def test_what_was_told_before_a_project_was_opened_goes_with_it(window: MainWindow, desk: Desk) -> None:
    assert not window.open_project(desk.folder / "nowhere")
    assert len(window.notices.texts) == 1
    assert desk.studio.new_project(desk.folder / "P")
    assert window.notices.texts == []


def test_the_demo_is_made_in_its_folder(window: MainWindow, desk: Desk) -> None:
    window.welcome.demo.button.click()
    assert [command.job.project for command in desk.engine.submitted] == [
        str(desk.folder / "demo" / "product")
    ]
    assert not window.welcome.demo.button.isVisible()
    desk.demo.failed.emit("The disk is full.", "Make room.")
    assert window.notices.texts == ["The disk is full."]
    assert window.welcome.demo.button.isVisible()


def test_layout_and_recent_projects_are_there_at_the_next_start(opened: MainWindow, desk: Desk) -> None:
    opened.resize(960, 650)
    action(opened, "Ctrl+J").trigger()
    opened.close()
    assert desk.engine.is_stopped
    again = desk.start()
    assert (again.width(), again.height()) == (960, 650)
    assert again.menus.jobs_panel.isChecked()
    again.open_project(desk.settings.recent_projects[0])
    assert again.jobs_panel.isVisible()
    desk.settings.reset_layout()
    assert (again.width(), again.height()) == (1280, 800)
    assert not again.jobs_panel.isVisible()


def test_pages_let_go_of_a_project_before_it_is_closed(opened: MainWindow, desk: Desk) -> None:
    class Page(QWidget):
        def show_project(self, project: object) -> None:
            states.append((project is not None, desk.studio.project is not None))

    states: list[tuple[bool, bool]] = []
    page = Page()
    opened.stack._pages["learn"] = page
    opened.stack.addWidget(page)
    opened.stack.show_page("learn")
    desk.studio.close_project()
    assert states == [(True, True), (False, True)]


def test_it_fits_on_a_small_screen(opened: MainWindow, qtbot: QtBot) -> None:
    action(opened, "Ctrl+J").trigger()
    opened.resize(1280, 800)
    assert (opened.width(), opened.height()) == (1280, 800)
    assert opened.minimumSizeHint().width() <= 1280
    assert opened.minimumSizeHint().height() <= 720
