"""The page Place: canvas, model and panels in step, by mouse and by keys."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from anogen_gui.model.place import PlaceModel
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.place.page import PlacePage
from engine.protocol import GenerateJob
from tests.anogen_gui.ui.canvas.hand import Hand
from tests.anogen_gui.ui.place.conftest import BOX, PHOTOS
from tests.anogen_gui.ui.place.page.shown import CONTROL, arrive, is_blue


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
