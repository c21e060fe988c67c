"""Outlines of masks."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QLineF
from pytestqt.qtbot import QtBot

from anogen_gui.model.mask_outline import MaskOutlines, mask_outline
from engine.data.images import save_png


def mask_of(*rectangles: tuple[int, int, int, int]) -> np.ndarray:
    """(8, 10) bool, true in left, top, right, bottom of each."""
    mask = np.zeros((8, 10), dtype=bool)
    for left, top, right, bottom in rectangles:
        mask[top:bottom, left:right] = True
    return mask


def ends(lines: tuple[QLineF, ...]) -> set[tuple[float, float, float, float]]:
    return {(line.x1(), line.y1(), line.x2(), line.y2()) for line in lines}


def test_a_rectangle_has_four_sides() -> None:
    lines = mask_outline(mask_of((2, 3, 6, 5)))
    assert ends(lines) == {(2, 3, 2, 5), (6, 3, 6, 5), (2, 3, 6, 3), (2, 5, 6, 5)}


def test_a_mask_at_the_edge_of_the_photo_is_closed() -> None:
    assert ends(mask_outline(mask_of((0, 0, 10, 8)))) == {
        (0, 0, 0, 8),
        (10, 0, 10, 8),
        (0, 0, 10, 0),
        (0, 8, 10, 8),
    }


def test_a_hole_is_outlined_too() -> None:
    mask = mask_of((1, 1, 6, 6))
    mask[3, 3] = False
    assert {(3, 3, 3, 4), (4, 3, 4, 4), (3, 3, 4, 3), (3, 4, 4, 4)} < ends(mask_outline(mask))


def test_an_empty_mask_has_no_outline() -> None:
    assert mask_outline(mask_of()) == ()


@given(arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_the_outline_is_as_long_as_there_are_borders_of_pixels(mask: np.ndarray) -> None:
    padded = np.pad(mask, 1)
    borders = (padded[1:] != padded[:-1]).sum() + (padded[:, 1:] != padded[:, :-1]).sum()
    assert sum(line.length() for line in mask_outline(mask)) == borders


def test_the_outline_of_a_file_is_found_in_the_background(qtbot: QtBot, tmp_path: Path) -> None:
    outlines = MaskOutlines()
    save_png(tmp_path / "mask.png", mask_of((2, 3, 6, 5)))
    with qtbot.waitSignal(outlines.found) as told:
        assert outlines.get(tmp_path / "mask.png") is None
    assert told.args == [tmp_path / "mask.png"]
    assert len(outlines.get(tmp_path / "mask.png") or ()) == 4
    outlines.close()


def test_a_file_that_cannot_be_read_has_no_outline(qtbot: QtBot, tmp_path: Path) -> None:
    outlines = MaskOutlines()
    with qtbot.waitSignal(outlines.found):
        outlines.get(tmp_path / "nothing.png")
    assert outlines.get(tmp_path / "nothing.png") == ()
    outlines.close()
