"""What the page Place works on: photos, the class that is drawn, boxes and their copies."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.place import PlaceModel
from anogen_gui.model.project_model import ProjectModel
from engine.geometry import Box
from engine.project import Project
from tests.anogen_gui.scripted_client import ScriptedClient

PHOTOS = [f"photos/good/00{number}.png" for number in range(4)]


def box(x: float = 20, y: float = 20) -> Box:
    return Box(center_x=x, center_y=y, width=8, height=6)


@pytest.fixture
def studio(product: Project, qtbot: QtBot) -> Iterator[ProjectModel]:
    """Four good photos of 48 × 40 pixels, and the class 'crack'."""
    product.add_anomaly("hole")
    model = ProjectModel(product, ScriptedClient())
    yield model
    model.close()


@pytest.fixture
def model(studio: ProjectModel) -> PlaceModel:
    return PlaceModel(studio)


def boxes_on(model: PlaceModel, photo: str) -> list[Box]:
    return [placed.box for placed in model.project.boxes.on(photo)]


# --- photos


def test_it_begins_with_the_first_good_photo_and_the_first_class(model: PlaceModel) -> None:
    assert model.state.photo == PHOTOS[0]
    assert model.state.anomaly == "crack"
    assert [photo.path for photo in model.photos()] == PHOTOS


def test_stepping_through_photos_stops_at_the_ends(model: PlaceModel) -> None:
    model.step_photo(-1)
    assert model.state.photo == PHOTOS[0]
    for _ in range(6):
        model.step_photo(1)
    assert model.state.photo == PHOTOS[3]
    assert model.neighbors() == (PHOTOS[2],)
    model.step_photo(-1)
    assert model.neighbors() == (PHOTOS[3], PHOTOS[1])


def test_photos_are_filtered_by_their_boxes(model: PlaceModel, qtbot: QtBot) -> None:
    model.show_photo(PHOTOS[2])
    model.draw(box())
    with qtbot.waitSignal(model.photos_changed):
        model.set_photo_filter("with boxes")
    assert [photo.path for photo in model.photos()] == [PHOTOS[2]]
    model.set_photo_filter("without boxes")
    assert PHOTOS[2] not in [photo.path for photo in model.photos()]


def test_a_photo_that_is_no_longer_good_is_left(model: PlaceModel) -> None:
    model.project.photos.set_role([PHOTOS[0]], "test")
    assert model.state.photo == PHOTOS[1]
    model.project.history.stack.undo()
    assert PHOTOS[0] in [photo.path for photo in model.photos()]


def test_the_selection_goes_with_its_photo(model: PlaceModel) -> None:
    model.draw(box())
    assert len(model.state.selected) == 1
    model.show_photo(PHOTOS[1])
    assert model.state.selected == frozenset()


# --- the class


def test_a_digit_chooses_the_class_that_is_drawn(model: PlaceModel) -> None:
    hole = model.project.anomalies.get("hole")
    assert hole is not None
    assert hole.digit is not None
    assert model.use_digit(hole.digit)
    model.draw(box())
    assert [placed.anomaly for placed in model.boxes()] == ["hole"]
    assert not model.use_digit(9)
    assert model.state.anomaly == "hole"


def test_a_renamed_class_is_another_one_and_the_first_is_used(model: PlaceModel) -> None:
    model.use_anomaly("hole")
    model.project.anomalies.rename("hole", "pit")
    assert model.anomaly is not None


# --- boxes


def test_a_drawn_box_is_chosen_and_one_named_step(model: PlaceModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.boxes_changed):
        assert model.draw(box())
    assert [placed.box for placed in model.selected()] == [box()]
    assert model.project.history.stack.undoText() == "Draw “crack”"
    model.project.history.stack.undo()
    assert model.boxes() == ()
    assert model.state.selected == frozenset()


def test_a_box_that_cannot_be_placed_is_told(model: PlaceModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.project.failed) as failed:
        assert not model.draw(box(500))
    assert "lies outside the photo" in failed.args[0]


def test_boxes_are_moved_locked_removed_and_all_of_it_undone(model: PlaceModel) -> None:
    model.draw(box())
    (placed,) = model.boxes()
    model.move({placed.id: box(30)}, "Nudge box")
    model.lock([placed.id], True)
    model.remove([placed.id])
    stack = model.project.history.stack
    assert [stack.text(index) for index in range(stack.count())] == [
        "Draw “crack”",
        "Nudge box",
        "Lock box",
        "Remove box",
    ]
    stack.undo()
    assert model.boxes()[0].is_locked
    stack.undo()
    stack.undo()
    assert boxes_on(model, PHOTOS[0]) == [box()]


def test_duplicates_keep_their_classes_and_are_chosen(model: PlaceModel) -> None:
    model.draw(box(10))
    model.use_anomaly("hole")
    model.draw(box(20))
    first, second = model.boxes()
    model.duplicate({first.id: box(12), second.id: box(22)})
    assert [(each.anomaly, each.box) for each in model.selected()] == [("crack", box(12)), ("hole", box(22))]
    assert model.project.history.stack.undoText() == "Duplicate 2 boxes"


# --- copying


def test_boxes_are_pasted_beside_themselves_and_at_their_place_elsewhere(model: PlaceModel) -> None:
    model.draw(box(10, 10))
    model.copy(model.state.selected)
    assert model.paste()
    assert boxes_on(model, PHOTOS[0]) == [box(10, 10), box(22, 22)]
    model.show_photo(PHOTOS[1])
    assert model.paste()
    assert boxes_on(model, PHOTOS[1]) == [box(10, 10)]
    assert [placed.box for placed in model.selected()] == [box(10, 10)]


def test_a_box_in_the_corner_is_pasted_where_there_is_room(model: PlaceModel) -> None:
    model.draw(box(44, 36))
    model.copy(model.state.selected)
    assert model.paste()
    assert boxes_on(model, PHOTOS[0]) == [box(44, 36), box(32, 24)]


def test_nothing_copied_is_nothing_pasted(model: PlaceModel) -> None:
    assert not model.paste()


def test_boxes_are_copied_to_the_next_photos_in_one_step(model: PlaceModel, qtbot: QtBot) -> None:
    model.draw(box(10))
    model.draw(box(30))
    model.select(())
    with qtbot.waitSignal(model.told) as told:
        assert model.copy_to_next(2) == 2
    assert told.args == ["Copied 2 boxes to 2 photos."]
    assert boxes_on(model, PHOTOS[1]) == boxes_on(model, PHOTOS[2]) == [box(10), box(30)]
    assert boxes_on(model, PHOTOS[3]) == []
    model.project.history.stack.undo()
    assert boxes_on(model, PHOTOS[1]) == boxes_on(model, PHOTOS[2]) == []


def test_copying_to_many_photos_lists_them_once(model: PlaceModel) -> None:
    model.draw(box(10))
    told: list[int] = []
    model.photos_changed.connect(lambda: told.append(sum(model.project.boxes.counts().values())))
    assert model.copy_to_next(3) == 3
    assert told == [4]


def test_only_the_chosen_boxes_are_copied_where_some_are_chosen(model: PlaceModel) -> None:
    model.draw(box(10))
    model.draw(box(30))
    assert model.copy_to_next() == 1
    assert boxes_on(model, PHOTOS[1]) == [box(30)]


def test_after_the_last_photo_there_is_none_to_copy_to(model: PlaceModel) -> None:
    model.show_photo(PHOTOS[3])
    model.draw(box())
    count = model.project.history.stack.count()
    assert model.copy_to_next(3) == 0
    assert model.project.history.stack.count() == count
