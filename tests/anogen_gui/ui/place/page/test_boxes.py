"""The page Place: canvas, model and panels in step, by mouse and by keys."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from anogen_gui.model.place import PlaceModel
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.place.copy_dialog import CopyDialog
from anogen_gui.ui.place.page import PlacePage
from engine.geometry import Box
from tests.anogen_gui.ui.canvas.hand import Hand
from tests.anogen_gui.ui.place.conftest import BOX, PHOTOS
from tests.anogen_gui.ui.place.page.shown import CONTROL


def test_a_drawn_box_is_kept_chosen_and_in_numbers(page: PlacePage, model: PlaceModel, hand: Hand) -> None:
    hand.drag((10, 12), (30, 24))
    (placed,) = model.boxes()
    assert placed.box == Box.from_bounds(10, 12, 30, 24)
    assert placed.anomaly == "crack"
    assert [each.id for each in page.canvas.selected] == [placed.id]
    assert page.fields.field("width").value == 20
    assert page.fields.field("center_y").value == 18


def test_a_moved_box_goes_back_by_undo(page: PlacePage, model: PlaceModel, hand: Hand) -> None:
    model.draw(BOX)
    hand.drag((20, 20), (25, 22))
    assert model.boxes()[0].box == BOX.moved(5, 2)
    model.project.history.stack.undo()
    assert page.canvas.boxes[0].box == BOX


def test_a_digit_chooses_the_class_and_draws_over_boxes(
    page: PlacePage, model: PlaceModel, hand: Hand, qtbot: QtBot
) -> None:
    model.draw(BOX)
    hole = model.project.anomalies.get("hole")
    assert hole is not None
    qtbot.keyClick(page.canvas, str(hole.digit))
    assert page.canvas.is_drawing
    hand.drag((17, 17), (23, 23))
    assert [placed.anomaly for placed in model.boxes()] == ["crack", "hole"]
    assert page.canvas.boxes[1].digit == str(hole.digit)
    assert page.canvas.boxes[1].color == hole.color


def test_boxes_are_copied_pasted_duplicated_cut_locked_and_removed_by_key(
    page: PlacePage, model: PlaceModel, qtbot: QtBot
) -> None:
    model.draw(BOX)
    canvas = page.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_C, CONTROL)
    qtbot.keyClick(canvas, Qt.Key.Key_V, CONTROL)
    qtbot.keyClick(canvas, Qt.Key.Key_D, CONTROL)
    assert len(model.boxes()) == 3
    qtbot.keyClick(canvas, Qt.Key.Key_X, CONTROL)
    assert len(model.boxes()) == 2
    qtbot.keyClick(canvas, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(canvas, Qt.Key.Key_K)
    assert all(placed.is_locked for placed in model.boxes())
    qtbot.keyClick(canvas, Qt.Key.Key_K)
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert model.boxes() == ()
    while model.project.history.stack.canUndo():
        model.project.history.stack.undo()
    assert page.canvas.boxes == ()


def test_a_typed_number_changes_the_box(page: PlacePage, model: PlaceModel) -> None:
    model.draw(BOX)
    page.fields.field("angle_deg").set_value(30)
    page.fields.field("angle_deg").value_changed.emit(30.0)
    assert model.boxes()[0].box.angle_deg == 30
    assert model.project.history.stack.undoText() == "Change box"


def test_the_chosen_boxes_get_another_class_by_the_field_and_by_key(
    page: PlacePage, model: PlaceModel, qtbot: QtBot
) -> None:
    model.draw(BOX)
    field = page.fields.anomaly
    assert field.isVisible()
    assert [field.itemText(index) for index in range(field.count())] == ["crack", "hole"]
    assert field.value == "crack"
    field.set_value("hole")
    assert [placed.anomaly for placed in model.boxes()] == ["hole"]
    hole = model.project.anomalies.get("hole")
    assert hole is not None
    assert page.canvas.boxes[0].color == hole.color
    model.draw(BOX.moved(10, 5))
    page.canvas.select_all()
    assert field.currentText() == "Several classes"
    assert not page.fields.field("width").isVisible()
    qtbot.keyClick(page.canvas, str(hole.digit), Qt.KeyboardModifier.AltModifier)
    assert [placed.anomaly for placed in model.boxes()] == ["hole", "hole"]
    assert field.currentText() == "hole"
    assert not page.canvas.is_drawing
    assert model.state.anomaly == "crack", "new boxes are of the class that they were"
    model.project.history.stack.undo()
    assert field.currentText() == "Several classes"
    page.canvas.select([])
    assert not field.isVisible()


def test_a_key_of_no_class_and_no_chosen_box_labels_nothing(
    page: PlacePage, model: PlaceModel, qtbot: QtBot
) -> None:
    model.draw(BOX)
    steps = model.project.history.stack.count()
    qtbot.keyClick(page.canvas, "9", Qt.KeyboardModifier.AltModifier)
    page.canvas.select([])
    qtbot.keyClick(page.canvas, "2", Qt.KeyboardModifier.AltModifier)
    assert model.project.history.stack.count() == steps
    assert model.boxes()[0].anomaly == "crack"


def test_a_class_that_is_renamed_is_renamed_in_the_field(page: PlacePage, model: PlaceModel) -> None:
    model.draw(BOX)
    model.project.anomalies.rename("crack", "split")
    field = page.fields.anomaly
    assert [field.itemText(index) for index in range(field.count())] == ["split", "hole"]
    assert field.value == "split"
    assert model.project.history.stack.undoText().startswith("Rename")


def test_digits_and_letters_typed_into_a_field_are_no_commands(
    page: PlacePage, model: PlaceModel, qtbot: QtBot
) -> None:
    model.draw(BOX)
    line = page.fields.field("width").findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "24l")
    assert not page.canvas.is_drawing
    assert not page.tool_bar.live.isChecked()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert model.boxes()[0].box.width == 24


def test_a_locked_box_that_is_pulled_is_told_of(
    page: PlacePage, model: PlaceModel, hand: Hand, qtbot: QtBot
) -> None:
    model.draw(BOX)
    model.lock(model.state.selected, True)
    with qtbot.waitSignal(page.noticed) as noticed:
        hand.drag((20, 20), (30, 20))
    assert "locked" in noticed.args[0].text
    assert noticed.args[0].tone == "info"  # it goes by itself


def test_boxes_are_locked_and_removed_in_the_panel(page: PlacePage, model: PlaceModel) -> None:
    model.draw(BOX)
    page.fields.lock.click()
    assert model.boxes()[0].is_locked
    assert page.fields.lock.accessibleName() == "Unlock the chosen boxes"
    page.fields.lock.click()
    assert not model.boxes()[0].is_locked
    assert page.fields.lock.accessibleName() == "Lock the chosen boxes"
    page.fields.remove.click()
    assert model.boxes() == ()


def test_keys_go_from_photo_to_photo_and_boxes_go_along(
    page: PlacePage, model: PlaceModel, qtbot: QtBot
) -> None:
    model.draw(BOX)
    qtbot.keyClick(page.canvas, Qt.Key.Key_C, CONTROL)
    qtbot.keyClick(page.canvas, Qt.Key.Key_PageDown)
    assert model.state.photo == PHOTOS[1]
    assert page.strip.grid.selection.selected == (PHOTOS[1],)
    assert page.canvas.boxes == ()
    qtbot.keyClick(page.canvas, Qt.Key.Key_V, CONTROL)
    assert [placed.box for placed in model.boxes()] == [BOX]
    qtbot.keyClick(page.canvas, Qt.Key.Key_PageUp)
    assert model.state.photo == PHOTOS[0]


def test_a_photo_chosen_in_the_strip_is_shown(page: PlacePage, model: PlaceModel, qtbot: QtBot) -> None:
    page.strip.grid.selection.select_only(PHOTOS[2])
    assert model.state.photo == PHOTOS[2]
    qtbot.waitUntil(lambda: page.canvas.photo_size is not None)
    assert page.canvas.file == model.project.file(PHOTOS[2])


def test_boxes_are_copied_to_the_next_photos_by_the_dialog(
    page: PlacePage, model: PlaceModel, icons: Icons, qtbot: QtBot
) -> None:
    model.draw(BOX)
    dialog = CopyDialog(icons, model)
    qtbot.addWidget(dialog)
    dialog.count.set_value(2)
    with qtbot.waitSignal(page.noticed):
        dialog.copy.click()
    assert model.project.boxes.counts() == dict.fromkeys(PHOTOS[:3], 1)
