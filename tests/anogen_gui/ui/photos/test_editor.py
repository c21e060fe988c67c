"""One photo, large: its mask is painted, kept and undone."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from anogen_gui.model.photo_list import PhotoList
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.photos.editor import PhotoEditor
from anogen_gui.ui.photos.page import PhotosPage
from engine.project import Project
from tests.anogen_gui.ui.photos.conftest import CRACKS, GOOD, TESTS
from tests.engine.project.product import HEIGHT, WIDTH, write_mask


@pytest.fixture
def editor(page: PhotosPage, model: ProjectModel, qtbot: QtBot) -> PhotoEditor:
    """With no photo open yet; two cracked photos are bad ones, the second has no mask."""
    model.photos.set_role(CRACKS[:2], "bad")
    with qtbot.waitSignal(model.photos.mask_saved):
        model.photos.set_mask(CRACKS[1], None)
    return page.editor


def show(qtbot: QtBot, page: PhotosPage, path: str) -> None:
    page.open_photo(path)
    file = page.editor._photos.project.file(path)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: page.editor.canvas.file == file and page.editor.canvas.photo_size is not None)


def draw(qtbot: QtBot, editor: PhotoEditor, *points: tuple[float, float]) -> None:
    """A stroke of the current tool through points of the photo."""
    canvas, left = editor.canvas, Qt.MouseButton.LeftButton
    places = [QPoint(*map(round, canvas.viewport.to_view(x, y))) for x, y in points]
    qtbot.mousePress(canvas, left, pos=places[0])
    for place in places[1:]:
        qtbot.mouseMove(canvas, place)
    qtbot.mouseRelease(canvas, left, pos=places[-1])


def shown(editor: PhotoEditor) -> np.ndarray:
    mask = editor.canvas.mask_array()
    assert mask is not None
    return mask


def saved(model: ProjectModel, path: str) -> np.ndarray | None:
    """As another process reads it from the disk."""
    with Project.open(model.folder, read_only=True) as project:
        return project.mask(project.find_photo(path))


def test_enter_opens_a_photo_with_its_mask(qtbot: QtBot, page: PhotosPage, editor: PhotoEditor) -> None:
    page.browser.go_to(CRACKS[0])
    qtbot.keyClick(page.browser.grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: editor.canvas.photo_size is not None)
    assert editor.isVisible()
    assert shown(editor).sum() == 120
    assert editor.header.name.text() == "000"
    assert editor.header.place.text() == "7 of 10"
    assert editor.mask_panel.state.text == "mask"


def test_a_stroke_is_a_named_step_and_soon_on_the_disk(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor, model: ProjectModel
) -> None:
    show(qtbot, page, CRACKS[1])
    assert editor.mask_panel.state.text == "no mask yet"
    with qtbot.waitSignal(model.photos.mask_saved):
        draw(qtbot, editor, (10, 10), (30, 10))
    mask = saved(model, CRACKS[1])
    assert mask is not None
    assert (mask == shown(editor)).all()
    assert mask[10, 10:30].all()
    assert model.history.stack.undoText() == "Paint"
    assert editor.mask_panel.state.text == "mask"


def test_strokes_are_undone_and_made_again(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor, model: ProjectModel
) -> None:
    show(qtbot, page, CRACKS[1])
    draw(qtbot, editor, (10, 10), (30, 10))
    first = shown(editor)
    editor.tools.buttons["eraser"].click()
    draw(qtbot, editor, (20, 10), (40, 10))
    assert shown(editor).sum() < first.sum()
    assert editor.mask_panel.undo.toolTip().startswith("Undo: Erase")
    editor.mask_panel.undo.click()
    assert (shown(editor) == first).all()
    editor.mask_panel.undo.click()
    assert not shown(editor).any()
    editor.mask_panel.redo.click()
    assert (shown(editor) == first).all()
    with qtbot.waitSignal(model.photos.mask_saved):
        pass
    mask = saved(model, CRACKS[1])
    assert mask is not None
    assert (mask == first).all()


def test_undo_of_another_photo_leaves_the_one_that_is_shown(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor, model: ProjectModel
) -> None:
    show(qtbot, page, CRACKS[1])
    draw(qtbot, editor, (10, 10), (30, 10))
    show(qtbot, page, CRACKS[0])
    before = shown(editor)
    model.history.stack.undo()
    assert (shown(editor) == before).all()
    show(qtbot, page, CRACKS[1])
    assert not shown(editor).any()


def test_a_good_photo_has_no_mask_until_it_has_a_class(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor, model: ProjectModel
) -> None:
    show(qtbot, page, GOOD[0])
    assert not editor.tools.isEnabled()
    assert not editor.mask_panel.load.isVisible()
    with qtbot.waitSignal(model.failed) as failed:
        draw(qtbot, editor, (10, 10), (30, 10))
    assert failed.args[1] == "Give it an anomaly class first."
    assert not shown(editor).any()
    qtbot.keyClick(editor.canvas, Qt.Key.Key_1)
    assert editor.tools.isEnabled()
    draw(qtbot, editor, (10, 10), (30, 10))
    assert shown(editor).any()
    assert model.history.stack.undoText() == "Paint"


def test_the_keyboard_comes_back_to_what_is_shown(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor
) -> None:
    show(qtbot, page, CRACKS[1])
    page.browser.grid.clearFocus()
    page.setFocus()  # as when another page was shown meanwhile
    assert editor.canvas.hasFocus()
    page.close_photo()
    page.setFocus()
    assert page.browser.grid.hasFocus()


def test_page_keys_go_to_the_neighbours_that_are_shown(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor
) -> None:
    page.browser.filter_bar.roles.set_value("bad")
    show(qtbot, page, CRACKS[0])
    assert not editor.header.previous.isEnabled()
    qtbot.keyClick(editor.canvas, Qt.Key.Key_PageDown)
    assert editor.path == CRACKS[1]
    assert not editor.header.next.isEnabled()
    qtbot.keyClick(editor.canvas, Qt.Key.Key_PageDown)
    assert editor.path == CRACKS[1]
    editor.header.previous.click()
    assert editor.path == CRACKS[0]


def test_escape_goes_back_to_the_photo_in_the_grid(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor
) -> None:
    show(qtbot, page, CRACKS[1])
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert page.browser.isVisible()
    assert page.browser.selected_paths == (CRACKS[1],)


def test_escape_first_gives_up_a_polygon(qtbot: QtBot, page: PhotosPage, editor: PhotoEditor) -> None:
    show(qtbot, page, CRACKS[1])
    editor.tools.buttons["polygon"].click()
    qtbot.mouseClick(editor.canvas, Qt.MouseButton.LeftButton, pos=editor.canvas.rect().center())
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert editor.isVisible()
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert page.browser.isVisible()


def test_a_mask_is_imported_and_undone(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor, model: ProjectModel, tmp_path: Path
) -> None:
    show(qtbot, page, CRACKS[1])
    editor.import_mask(write_mask(tmp_path / "mask.png"))
    assert shown(editor).sum() == 120
    assert model.history.stack.undoText() == "Import mask"
    model.history.stack.undo()
    assert not shown(editor).any()


def test_a_mask_of_another_size_is_refused_naming_both_files(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor, tmp_path: Path
) -> None:
    show(qtbot, page, CRACKS[1])
    with qtbot.waitSignal(page.noticed) as noticed:
        editor.import_mask(write_mask(tmp_path / "small.png", width=30, height=20))
    text = noticed.args[0].text
    assert "small.png is 30×20 pixels" in text
    assert f"001.png is {WIDTH}×{HEIGHT}" in text
    assert not shown(editor).any()


def test_invert_and_clear_are_steps(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor, model: ProjectModel
) -> None:
    show(qtbot, page, CRACKS[0])
    editor.mask_panel.invert.click()
    assert shown(editor).sum() == WIDTH * HEIGHT - 120
    editor.mask_panel.clear.click()
    assert not shown(editor).any()
    with qtbot.waitSignal(model.photos.changed):
        pass
    assert editor.mask_panel.state.text == "no mask yet"
    model.history.stack.undo()
    model.history.stack.undo()
    assert shown(editor).sum() == 120


def test_a_damaged_mask_is_said_and_painted_over(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor, model: ProjectModel
) -> None:
    photo = model.photos.get(CRACKS[0])
    assert photo is not None
    model.file(photo.mask).write_bytes(b"damaged")
    with qtbot.waitSignal(page.noticed) as noticed:
        page.open_photo(CRACKS[0])
    assert "is not an image" in noticed.args[0].text
    with qtbot.waitSignal(model.photos.mask_saved):
        draw(qtbot, editor, (10, 10), (30, 10))
    assert saved(model, CRACKS[0]) is not None


def test_role_class_and_support_are_chosen_at_the_side(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor, photos: PhotoList, model: ProjectModel
) -> None:
    show(qtbot, page, TESTS[0])
    panel = editor.photo_panel
    assert (panel.roles.value, panel.anomaly.value, panel.support.value) == ("test", "", False)
    panel.anomaly.set_value("crack")
    assert photos.photos([TESTS[0]])[0].anomaly == "crack"
    with qtbot.waitSignal(page.noticed) as noticed:
        panel.support.setChecked(True)
    assert noticed.args[0].text == "“100” has no mask yet."
    assert not panel.support.value
    panel.roles.set_value("good")
    assert (panel.anomaly.value, panel.support.isEnabled()) == ("", False)
    model.history.stack.undo()
    assert (panel.roles.value, panel.anomaly.value) == ("test", "crack")


def test_the_support_switch_chooses_the_photo(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor, photos: PhotoList
) -> None:
    show(qtbot, page, CRACKS[0])
    photos.choose_supports(CRACKS[2:3])
    assert not editor.photo_panel.support.value
    editor.photo_panel.support.setChecked(True)
    assert photos.counts_of("crack").supports == 2
    assert "“crack” has 2 now" in editor.photo_panel.support_count.text()


def test_the_brush_follows_keys_and_slider(qtbot: QtBot, page: PhotosPage, editor: PhotoEditor) -> None:
    show(qtbot, page, CRACKS[1])
    editor.mask_panel.brush.set_value(3)
    assert editor.canvas.brush_width == 8
    qtbot.keyClick(editor.canvas, Qt.Key.Key_BracketRight)
    assert editor.canvas.brush_width == 10
    assert editor.mask_panel.brush.value == pytest.approx(3.375)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_E)
    assert editor.tools.buttons["eraser"].isChecked()


def test_a_closed_project_leaves_nothing_to_paint_on(
    qtbot: QtBot, page: PhotosPage, editor: PhotoEditor
) -> None:
    show(qtbot, page, CRACKS[0])
    page.show_project(None)
    assert editor.canvas.file is None
    assert not editor.isVisible()
