"""Boxes and the changes that people make to them."""

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.boxes import Boxes, NewBox
from anogen_gui.model.history import History
from engine.geometry import Box
from engine.project import PlacedBox, Project

PHOTO, OTHER = "photos/good/000.png", "photos/good/001.png"


def box(x: float = 20, y: float = 20) -> Box:
    return Box(center_x=x, center_y=y, width=8, height=6)


@pytest.fixture
def history(qtbot: QtBot) -> History:
    return History()


@pytest.fixture
def boxes(product: Project, history: History) -> Boxes:
    return Boxes(product, history)


@pytest.fixture
def photo_id(product: Project) -> int:
    return product.find_photo(PHOTO).id


def in_catalogue(project: Project) -> list[PlacedBox]:
    return project.boxes()


def test_boxes_are_placed_in_one_step(
    product: Project, boxes: Boxes, history: History, photo_id: int, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(boxes.changed) as changed:
        ids = boxes.add(photo_id, "crack", [box(10), box(30)])
    assert changed.args == [PHOTO]
    assert [placed.id for placed in boxes.on(PHOTO)] == list(ids)
    assert in_catalogue(product) == list(boxes.on(PHOTO))
    history.stack.undo()
    assert boxes.on(PHOTO) == ()
    assert in_catalogue(product) == []


def test_a_box_that_comes_back_has_its_number(boxes: Boxes, history: History, photo_id: int) -> None:
    (number,) = boxes.add(photo_id, "crack", [box()])
    history.stack.undo()
    history.stack.redo()
    placed = boxes.get(number)
    assert placed is not None
    assert placed.box == box()


def test_of_boxes_that_cannot_all_be_placed_none_is(
    product: Project, boxes: Boxes, history: History, photo_id: int, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(history.failed), qtbot.assertNotEmitted(boxes.changed):
        assert boxes.add(photo_id, "crack", [box(), box(x=500)]) == ()
    assert in_catalogue(product) == []
    assert history.stack.count() == 0


def test_no_boxes_are_no_step(boxes: Boxes, history: History, photo_id: int) -> None:
    assert boxes.add(photo_id, "crack", []) == ()
    assert history.stack.count() == 0


def test_boxes_are_pasted_on_several_photos(product: Project, boxes: Boxes, history: History) -> None:
    first, second = product.find_photo(PHOTO).id, product.find_photo(OTHER).id
    boxes.add_to_photos(
        {first: [NewBox("crack", box())], second: [NewBox("crack", box(10)), NewBox("crack", box(30))]}
    )
    assert boxes.counts() == {PHOTO: 1, OTHER: 2}
    assert history.stack.undoText() == "Paste boxes"
    history.stack.undo()
    assert boxes.counts() == {}


def test_a_box_is_moved_and_moved_back(
    product: Project, boxes: Boxes, history: History, photo_id: int
) -> None:
    (number,) = boxes.add(photo_id, "crack", [box()])
    assert boxes.change({number: box(30)})
    assert in_catalogue(product)[0].box == box(30)
    history.stack.undo()
    assert in_catalogue(product)[0].box == box()
    assert boxes.on(PHOTO)[0].box == box()


def test_a_box_is_not_moved_off_its_photo(
    boxes: Boxes, history: History, photo_id: int, qtbot: QtBot
) -> None:
    (number,) = boxes.add(photo_id, "crack", [box()])
    with qtbot.waitSignal(history.failed):
        assert not boxes.change({number: box(500)})
    assert boxes.on(PHOTO)[0].box == box()
    assert history.stack.count() == 1


def test_what_changes_nothing_is_no_step(boxes: Boxes, history: History, photo_id: int) -> None:
    (number,) = boxes.add(photo_id, "crack", [box()])
    assert boxes.change({number: box()})
    assert boxes.lock([number], False)
    assert history.stack.count() == 1
    assert not boxes.remove([])


def test_removed_boxes_come_back(boxes: Boxes, history: History, photo_id: int) -> None:
    ids = boxes.add(photo_id, "crack", [box(10), box(30), box(20)])
    before = boxes.on(PHOTO)
    boxes.remove([ids[0], ids[2]])
    assert history.stack.undoText() == "Remove 2 boxes"
    assert [placed.id for placed in boxes.on(PHOTO)] == [ids[1]]
    history.stack.undo()
    assert boxes.on(PHOTO) == before


def test_boxes_are_locked(product: Project, boxes: Boxes, history: History, photo_id: int) -> None:
    (number,) = boxes.add(photo_id, "crack", [box()])
    boxes.lock([number], True)
    assert boxes.on(PHOTO)[0].is_locked
    assert in_catalogue(product)[0].is_locked
    assert history.stack.undoText() == "Lock box"
    history.stack.undo()
    assert not boxes.on(PHOTO)[0].is_locked


def test_what_another_changed_is_read_again(
    product: Project, boxes: Boxes, photo_id: int, qtbot: QtBot
) -> None:
    boxes.add(photo_id, "crack", [box()])
    product.rename_anomaly("crack", "break")
    with qtbot.waitSignal(boxes.changed) as changed:
        boxes.reload()
    assert changed.args == [PHOTO]
    assert boxes.on(PHOTO)[0].anomaly == "break"
    with qtbot.assertNotEmitted(boxes.changed):
        boxes.reload()


def test_boxes_get_another_class_in_one_step_and_theirs_again(
    product: Project, boxes: Boxes, history: History, photo_id: int, qtbot: QtBot
) -> None:
    product.add_anomaly("dent")
    product.add_anomaly("hole")
    cracks = boxes.add(photo_id, "crack", [box(10), box(30)])
    holes = boxes.add(photo_id, "hole", [box(20)])
    with qtbot.waitSignal(boxes.changed) as changed:
        assert boxes.set_anomaly([*cracks, *holes], "dent")
    assert changed.args == [PHOTO]
    assert history.stack.undoText() == "Label 3 boxes “dent”"
    assert {placed.anomaly for placed in boxes.on(PHOTO)} == {"dent"}
    assert in_catalogue(product) == list(boxes.on(PHOTO))
    history.stack.undo()
    assert [placed.anomaly for placed in boxes.on(PHOTO)] == ["crack", "crack", "hole"]
    assert in_catalogue(product) == list(boxes.on(PHOTO))


def test_a_box_that_is_of_the_class_already_is_no_step(
    boxes: Boxes, history: History, photo_id: int, product: Project
) -> None:
    product.add_anomaly("dent")
    first, second = boxes.add(photo_id, "crack", [box(10), box(30)])
    steps = history.stack.count()
    assert boxes.set_anomaly([first], "crack")
    assert history.stack.count() == steps
    boxes.set_anomaly([second], "dent")
    boxes.set_anomaly([first, second], "dent")
    assert history.stack.undoText() == "Label box “dent”"
    assert not boxes.set_anomaly([first], "unknown")
    assert boxes.on(PHOTO)[0].anomaly == "dent"
