"""The page Place: canvas, model and panels in step, by mouse and by keys."""

import base64
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from anogen_gui.model.place import PlaceModel
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.place.copy_dialog import CopyDialog
from anogen_gui.ui.place.page import PlacePage
from anogen_gui.ui.theme import ThemeModel
from engine.geometry import Box
from engine.protocol import GenerateJob, PreviewJob, PreviewReady, SampleWritten
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.anogen_gui.ui.canvas.hand import Hand
from tests.anogen_gui.ui.place.conftest import BOX, PHOTOS
from tests.engine.project.product import write_sample

CONTROL = Qt.KeyboardModifier.ControlModifier
BLUE = QColor("#0000ff")


@pytest.fixture
def hand(page: PlacePage) -> Hand:
    return Hand(page.canvas)


def jpeg(color: QColor) -> bytes:
    image = QImage(32, 32, QImage.Format.Format_RGB32)
    image.fill(color)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG", 95)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def live_picture(box: Box, photo: str = PHOTOS[0]) -> PreviewReady:
    return PreviewReady(jpeg_base64=base64.b64encode(jpeg(BLUE)).decode(), photo=photo, step=6, box=box)


def is_blue(page: PlacePage, x: float, y: float) -> bool:
    """Does the canvas show the generated picture at this point of the photo?"""
    image = page.canvas.grab().toImage()
    view_x, view_y = page.canvas.viewport.to_view(x, y)
    color = image.pixelColor(int(view_x), int(view_y))
    return color.blue() > 200 and color.red() < 60 and color.green() < 60


def show(page: PlacePage, qtbot: QtBot, path: str) -> None:
    assert page.model is not None
    page.model.show_photo(path)
    assert page.model.photo is not None
    file = page.model.project.file(path)
    qtbot.waitUntil(lambda: page.canvas.file == file and page.canvas.photo_size is not None)


# --- boxes


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


# --- photos


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


# --- live


def test_live_draws_the_chosen_box_again_whenever_it_moves(
    page: PlacePage, model: PlaceModel, hand: Hand, engine: ScriptedClient, qtbot: QtBot
) -> None:
    model.draw(BOX)
    qtbot.keyClick(page.canvas, Qt.Key.Key_L)
    assert page.tool_bar.live.isChecked()
    job = engine.last_job
    assert isinstance(job, PreviewJob)
    assert job.box == BOX
    hand.press(20, 20)
    hand.pull(25, 20)
    hand.pull(28, 20)
    job = engine.last_job
    assert isinstance(job, PreviewJob)
    assert job.box == BOX.moved(8, 0)
    hand.release(28, 20)
    assert not is_blue(page, 28, 20)
    engine.play(live_picture(BOX.moved(8, 0)))
    assert is_blue(page, 28, 20)
    assert not is_blue(page, 40, 20), "beside the box is the photo"


def test_a_live_picture_goes_with_its_box_and_with_live(
    page: PlacePage, model: PlaceModel, engine: ScriptedClient, qtbot: QtBot
) -> None:
    model.draw(BOX)
    page.tool_bar.live.click()
    engine.play(live_picture(BOX))
    assert is_blue(page, 20, 20)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Delete)
    assert not is_blue(page, 20, 20)
    model.project.history.stack.undo()
    model.select([model.boxes()[0].id])
    page.canvas.select([model.boxes()[0].id])
    engine.play(live_picture(BOX))
    page.tool_bar.live.click()
    assert not is_blue(page, 20, 20)


def test_a_live_picture_of_another_photo_is_not_shown(
    page: PlacePage, model: PlaceModel, engine: ScriptedClient, qtbot: QtBot
) -> None:
    model.draw(BOX)
    page.tool_bar.live.click()
    asked = engine.last_id
    show(page, qtbot, PHOTOS[1])
    engine.play(live_picture(BOX), job_id=asked)
    assert not is_blue(page, 20, 20)


def test_what_a_job_draws_is_shown_until_it_is_done_and_live_stays(
    page: PlacePage, model: PlaceModel, engine: ScriptedClient, qtbot: QtBot
) -> None:
    model.draw(BOX)
    page.tool_bar.live.click()
    engine.play(live_picture(BOX))
    page.generate.generate()
    qtbot.waitUntil(lambda: isinstance(engine.last_job, GenerateJob))
    engine.play(live_picture(Box(center_x=38, center_y=30, width=8, height=8)))
    assert is_blue(page, 38, 30)
    engine.finish()
    assert not is_blue(page, 38, 30)
    assert is_blue(page, 20, 20)


# --- generating, and the tray


def test_generate_orders_the_samples_and_says_how_many(
    page: PlacePage, model: PlaceModel, qtbot: QtBot
) -> None:
    assert not page.generate.start.isEnabled()
    assert "Draw a box first" in page.generate.reason.text()
    model.draw(BOX)
    page.generate.count.set_value(3)
    page.generate.show_obstacle()
    assert "3 samples on 1 photo" in page.generate.reason.text()
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return, CONTROL)
    (row,) = model.project.project.queued()
    assert isinstance(row.job, GenerateJob)
    assert row.job.settings.count == 3
    assert row.job.placements[0].boxes == (BOX,)


def test_all_photos_with_boxes_are_ordered_with_a_locked_seed(page: PlacePage, model: PlaceModel) -> None:
    model.draw(BOX)
    model.copy_to_next(1)
    page.generate.scope.set_value("all")
    page.generate.seed_is_locked.set_value(True)
    page.generate.seed.set_value(11)
    page.generate.generate()
    (row,) = model.project.project.queued()
    assert isinstance(row.job, GenerateJob)
    assert {placement.photo for placement in row.job.placements} == set(PHOTOS[:2])
    assert row.job.settings.seed == 11


def arrive(project: ProjectModel, stem: str, photo: str = PHOTOS[0]) -> int:
    """A sample that is blue where its box is, written by a job; its number."""
    event: SampleWritten = write_sample(project.folder, stem, photo=photo, boxes=(BOX,))
    image = QImage(str(project.file(event.image)))
    image.fill(BLUE)
    image.save(str(project.file(event.image)))
    project.project.record(event)
    project.samples.refresh(event.image)
    row = project.project.sample_at(event.image)
    assert row is not None
    return row.id


def test_a_click_on_a_sample_lays_it_over_its_photo(
    page: PlacePage, model: PlaceModel, project: ProjectModel, qtbot: QtBot
) -> None:
    number = arrive(project, "a", PHOTOS[1])
    assert page.tray.isVisible()
    page.tray.grid.selection.select_only(number)
    assert model.state.photo == PHOTOS[1]
    qtbot.waitUntil(lambda: page.canvas.photo_size is not None and is_blue(page, 20, 20))


def test_enter_keeps_delete_discards_and_undo_brings_back(
    page: PlacePage, project: ProjectModel, qtbot: QtBot
) -> None:
    first, second = arrive(project, "a"), arrive(project, "bb")
    page.tray.grid.selection.select_only(second)
    page.tray.grid.setFocus()
    qtbot.waitUntil(page.tray.grid.hasFocus)
    qtbot.keyClick(page.tray.grid, Qt.Key.Key_Return)
    assert page.tray.grid.selection.selected == (first,)
    qtbot.keyClick(page.tray.grid, Qt.Key.Key_Delete)
    assert not page.tray.isVisible()
    assert page.canvas.hasFocus()
    assert {row.id: row.verdict for row in project.samples.all()} == {first: "rejected", second: "accepted"}
    project.history.stack.undo()
    assert page.tray.grid.selection.ids == (first,)


def test_working_on_boxes_puts_the_sample_away_and_it_can_be_looked_at_again(
    page: PlacePage, model: PlaceModel, project: ProjectModel, hand: Hand, qtbot: QtBot
) -> None:
    number = arrive(project, "a")
    page.tray.grid.selection.select_only(number)
    qtbot.waitUntil(lambda: is_blue(page, 40, 10))
    hand.drag((10, 12), (30, 24))
    assert not is_blue(page, 40, 10)
    assert not page.tray.keep.isEnabled()
    page.tray.grid.selection.select_only(number)
    qtbot.waitUntil(lambda: is_blue(page, 40, 10))
    assert page.tray.keep.isEnabled()


# --- empty, and other projects


def test_without_good_photos_it_says_where_they_come_from(
    page: PlacePage, project: ProjectModel, qtbot: QtBot
) -> None:
    project.photos.set_role(PHOTOS, "test")
    assert page.no_photos.isVisible()
    with qtbot.waitSignal(page.page_requested) as requested:
        page.no_photos.action_requested.emit()
    assert requested.args == ["photos"]
    project.history.stack.undo()
    assert page.canvas.isVisible()


def test_an_embedding_that_was_deleted_meanwhile_is_told(
    page: PlacePage, model: PlaceModel, project: ProjectModel
) -> None:
    model.draw(BOX)
    assert page.generate.start.isEnabled()
    embedding = project.anomalies.embedding_in_use("crack")
    assert embedding is not None
    project.file(embedding.path).unlink()
    page.generate.start.click()
    assert "has no embedding yet" in page.generate.reason.text()
    assert not page.generate.start.isEnabled()
    assert project.queue.jobs() == ()


def test_a_class_without_an_embedding_leads_to_the_page_learn(
    page: PlacePage, model: PlaceModel, qtbot: QtBot
) -> None:
    model.use_anomaly("hole")
    assert page.classes.learn.isVisible()
    with qtbot.waitSignal(page.page_requested) as requested:
        page.classes.learn.click()
    assert requested.args == ["learn"]


def test_a_project_that_closes_is_let_go(
    page: PlacePage, model: PlaceModel, theme_model: ThemeModel, thumbnails: Thumbnails, pictures: Pictures
) -> None:
    model.draw(BOX)
    page.show_project(None)
    assert page.canvas.boxes == ()
    assert page.canvas.file is None
    assert page.no_photos.isVisible()


def test_a_deleted_photo_is_told_on_the_canvas(
    page: PlacePage, model: PlaceModel, qtbot: QtBot, tmp_path: Path
) -> None:
    model.project.file(PHOTOS[3]).unlink()
    with qtbot.waitSignal(page.canvas.photo_shown):
        model.show_photo(PHOTOS[3])
    assert page.canvas.photo_size is None


def test_tab_goes_through_the_classes_where_they_stand(
    page: PlacePage, project: ProjectModel, qtbot: QtBot
) -> None:
    project.anomalies.add("bent")
    bent = page.classes.findChildren(QRadioButton)[-1]
    qtbot.waitUntil(bent.isVisible)
    names, widget = [], page.canvas.nextInFocusChain()
    while widget is not page.canvas:
        names.append(widget.accessibleName() if widget.isVisible() else "")
        widget = widget.nextInFocusChain()
    names = [name for name in names if name.startswith(("Draw", "Number of"))]
    assert names == ["Draw crack", "Draw hole", "Draw bent", "Number of boxes to scatter"]
