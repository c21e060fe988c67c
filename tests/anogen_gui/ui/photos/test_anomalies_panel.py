"""The panel of anomaly classes."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from anogen_gui.model.photo_list import PhotoList
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.photos.anomalies_panel import AnomaliesPanel
from anogen_gui.ui.photos.page import PhotosPage
from tests.anogen_gui.ui.photos.conftest import CRACKS
from tests.engine.project.product import write_embedding


@pytest.fixture
def panel(page: PhotosPage) -> AnomaliesPanel:
    return page.browser.panel


def names(panel: AnomaliesPanel) -> list[str]:
    return [row.name.text() for row in panel.rows]


def menu_of(panel: AnomaliesPanel, row: int) -> QMenu:
    panel.rows[row].menu_button.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, *texts: str) -> None:
    """Choose an entry, through submenus, and close the menu."""
    inner = menu
    for text in texts[:-1]:
        found = next(action.menu() for action in inner.actions() if action.text().startswith(text))
        assert isinstance(found, QMenu)
        inner = found
    next(action for action in inner.actions() if action.text().startswith(texts[-1])).trigger()
    menu.close()


def test_a_class_is_added_by_its_name_and_enter(panel: AnomaliesPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.new_name, "dent")
    qtbot.keyClick(panel.new_name, Qt.Key.Key_Return)
    assert names(panel) == ["crack", "dent"]
    assert panel.new_name.text() == ""


def test_tab_goes_on_from_the_field_to_the_classes(
    panel: AnomaliesPanel, model: ProjectModel, qtbot: QtBot
) -> None:
    model.anomalies.add("dent")
    qtbot.waitUntil(panel.rows[-1].isVisible)
    widget, reached = panel.new_name.nextInFocusChain(), []
    while widget is not panel.new_name:
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.append(widget)
        widget = widget.nextInFocusChain()
    rows = [part for row in panel.rows for part in (row, row.menu_button)]
    assert reached[: 1 + len(rows)] == [panel.add_button, *rows]


def test_a_name_that_is_there_stays_in_the_field_and_the_reason_is_said(
    panel: AnomaliesPanel, model: ProjectModel, qtbot: QtBot
) -> None:
    panel.new_name.setText("Crack")
    with qtbot.waitSignal(model.failed):
        panel.add_button.click()
    assert names(panel) == ["crack"]
    assert panel.new_name.text() == "Crack"


def test_rows_count_photos_supports_and_embeddings(
    panel: AnomaliesPanel, model: ProjectModel, photos: PhotoList
) -> None:
    assert panel.rows[0].counts.text() == "4 photos"
    photos.add_supports(CRACKS[:1])
    assert panel.rows[0].counts.text() == "4 photos  ·  1 support"
    model.project.record(write_embedding(model.folder))
    model.anomalies.reload()
    assert panel.rows[0].counts.text() == "4 photos  ·  1 support\n1 embedding"


def test_a_click_shows_only_the_photos_of_a_class_and_another_shows_all(
    panel: AnomaliesPanel, photos: PhotoList, qtbot: QtBot
) -> None:
    row = panel.rows[0]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(120, 10))
    assert list(photos.paths) == CRACKS
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert len(photos.paths) == 10


def test_f2_renames_and_escape_does_not(panel: AnomaliesPanel, model: ProjectModel, qtbot: QtBot) -> None:
    row = panel.rows[0]
    qtbot.keyClick(row, Qt.Key.Key_F2)
    assert row.edit.text() == "crack"
    row.edit.setText("nothing")
    qtbot.keyClick(row.edit, Qt.Key.Key_Escape)
    assert names(panel) == ["crack"]
    qtbot.keyClick(row, Qt.Key.Key_F2)
    row.edit.setText("break")
    qtbot.keyClick(row.edit, Qt.Key.Key_Return)
    assert names(panel) == ["break"]
    assert {photo.anomaly for photo in model.photos.of_role("test")} == {"", "break"}
    model.history.stack.undo()
    assert names(panel) == ["crack"]


def test_the_menu_changes_colour_and_key(panel: AnomaliesPanel, model: ProjectModel, qtbot: QtBot) -> None:
    model.anomalies.add("dent")
    choose(menu_of(panel, 1), "Colour", "Violet")
    choose(menu_of(panel, 1), "Key", "1")
    crack, dent = model.anomalies.all()
    assert dent.color == "#8c6bb1"
    assert (crack.digit, dent.digit) == (2, 1)
    choose(menu_of(panel, 1), "Key", "No key")
    assert model.anomalies.all()[1].digit is None


def test_the_menu_says_which_class_has_a_key(panel: AnomaliesPanel, model: ProjectModel) -> None:
    model.anomalies.add("dent")
    menu = menu_of(panel, 1)
    keys = next(action.menu() for action in menu.actions() if action.text() == "Key")
    assert isinstance(keys, QMenu)
    assert keys.actions()[0].text() == "1   (now “crack”)"
    assert keys.actions()[1].isChecked()
    menu.close()


def test_a_class_in_use_is_not_removed_and_the_reason_is_said(
    panel: AnomaliesPanel, model: ProjectModel, qtbot: QtBot
) -> None:
    model.anomalies.add("dent")
    choose(menu_of(panel, 1), "Remove")
    assert names(panel) == ["crack"]
    with qtbot.waitSignal(model.failed) as failed:
        choose(menu_of(panel, 0), "Remove")
    assert "4 photos" in failed.args[0]
