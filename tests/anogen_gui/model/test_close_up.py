"""The surroundings of boxes."""

from anogen_gui.model.close_up import close_up
from engine.geometry import Box, Size, Window


def test_a_box_is_seen_with_as_much_again_around_it() -> None:
    box = Box(center_x=400, center_y=300, width=100, height=40)
    assert close_up((box,), Size(800, 600)) == Window(300, 200, 200, 200)


def test_all_boxes_are_seen() -> None:
    boxes = (
        Box(center_x=100, center_y=100, width=20, height=20),
        Box(center_x=300, center_y=140, width=20, height=20),
    )
    window = close_up(boxes, Size(800, 600))
    assert window is not None
    for box in boxes:
        left, top, right, bottom = box.bounds()
        assert window.left <= left
        assert window.top <= top
        assert window.right >= right
        assert window.bottom >= bottom


def test_near_an_edge_it_stays_inside_the_photo() -> None:
    window = close_up((Box(center_x=5, center_y=595, width=100, height=100),), Size(800, 600))
    assert window == Window(0, 400, 200, 200)


def test_a_tiny_box_is_not_all_there_is_to_see() -> None:
    window = close_up((Box(center_x=400, center_y=300, width=4, height=4),), Size(800, 600))
    assert window is not None
    assert (window.width, window.height) == (64, 64)


def test_without_boxes_there_is_no_close_up() -> None:
    assert close_up((), Size(800, 600)) is None
