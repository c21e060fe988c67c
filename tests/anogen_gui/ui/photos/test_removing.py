"""Taking photos out of the project on the page of photos: by key, menu and button."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.notices import Notice
from anogen_gui.ui.photos.page import PhotosPage
from tests.anogen_gui.ui.photos.conftest import CRACKS, GOOD


def by_key(page: PhotosPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.browser.grid, Qt.Key.Key_Delete)


def by_button(page: PhotosPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.browser.selection_bar.remove, Qt.MouseButton.LeftButton)


def by_menu(page: PhotosPage, qtbot: QtBot) -> None:
    page.browser.grid.menu_requested.emit(page.mapToGlobal(QPoint(100, 100)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == "Remove\tDel").trigger()
    menu.close()


@pytest.mark.parametrize("remove", [by_key, by_button, by_menu])
def test_the_selected_photos_are_removed_and_a_notice_takes_that_back(
    page: PhotosPage, model: ProjectModel, qtbot: QtBot, remove: Callable[[PhotosPage, QtBot], None]
) -> None:
    notices: list[Notice] = []
    page.noticed.connect(notices.append)
    grid = page.browser.grid
    grid.go_to([GOOD[1], *CRACKS[:2]])
    remove(page, qtbot)
    assert len(grid.selection.ids) == 7
    assert grid.selection.count == 0
    assert grid.selection.current == GOOD[2], "the keyboard goes on from there"
    assert page.browser.selection_bar.counts.text() == "3 good, 0 bad, 4 test"
    (notice,) = notices
    assert notice.text == "3 photos removed."
    assert notice.action == "Undo"
    assert notice.act is not None
    notice.act()
    assert len(grid.selection.ids) == 10
    assert model.history.stack.redoText() == "Remove 3 photos"


def test_without_a_selection_the_key_does_nothing(
    page: PhotosPage, model: ProjectModel, qtbot: QtBot
) -> None:
    by_key(page, qtbot)
    assert model.history.stack.count() == 0
    assert page.browser.selection_bar.remove.isHidden()


def test_typing_in_the_search_removes_nothing(page: PhotosPage, model: ProjectModel, qtbot: QtBot) -> None:
    page.browser.grid.go_to([GOOD[0]])
    search = page.browser.filter_bar.search
    search.setFocus()
    search.setText("0")
    search.setCursorPosition(0)
    qtbot.keyClick(search, Qt.Key.Key_Delete)
    assert search.text() == ""
    assert len(model.photos.all()) == 10


def test_a_photo_that_is_open_when_it_goes_leads_back_to_all(page: PhotosPage, model: ProjectModel) -> None:
    page.open_photo(GOOD[0])
    assert page.editor.isVisible()
    model.photos.remove([GOOD[0]])
    assert page.browser.isVisible()


def test_without_any_photo_the_page_asks_for_some_until_they_are_back(
    page: PhotosPage, model: ProjectModel, qtbot: QtBot
) -> None:
    page.browser.grid.selection.select_all()
    by_key(page, qtbot)
    assert page.empty.isVisible()
    model.history.stack.undo()
    assert page.browser.isVisible()
