"""The page Place: canvas, model and panels in step, by mouse and by keys."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from anogen_gui.model.place import PlaceModel
from anogen_gui.ui.place.page import PlacePage
from engine.geometry import Box
from engine.protocol import GenerateJob, PreviewJob
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.anogen_gui.ui.canvas.hand import Hand
from tests.anogen_gui.ui.place.conftest import BOX, PHOTOS
from tests.anogen_gui.ui.place.page.shown import is_blue, live_picture, show


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
