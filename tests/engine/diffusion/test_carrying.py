"""A drawing carried along with its box."""

import numpy as np
import pytest

from engine.diffusion.carrying import Drawing
from engine.diffusion.compositing import Fill
from engine.geometry import Box, Size, Window, crop_window

SIDE = 64
BOX = Box(center_x=100, center_y=90, width=40, height=20)
PHOTO = Size(300, 240)


def drawing(box: Box = BOX) -> Drawing:
    down, right = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    levels = np.stack([down, right, down + right], axis=2)  # each pixel says where it is
    return Drawing(box, crop_window(box, PHOTO, SIDE), Fill(levels, 0.5 * levels), is_rough=False)


def test_to_its_own_box_nothing_changes() -> None:
    carried = drawing().carried(BOX, drawing().window)
    np.testing.assert_allclose(carried.generated, drawing().fill.generated, atol=0.01)
    np.testing.assert_allclose(carried.reference, drawing().fill.reference, atol=0.01)


def test_a_box_that_moved_takes_it_along_even_where_its_window_cannot() -> None:
    """At the photo's edge the window stays, so what is in the box lies elsewhere in it."""
    before = drawing()
    moved = BOX.moved(-75, 0)
    window = crop_window(moved, PHOTO, SIDE)
    left = moved.center_x - window.left - (BOX.center_x - before.window.left)
    assert left < -5
    carried = before.carried(moved, window)
    shift = round(left * SIDE / before.window.width)
    inner = slice(12, 52)
    there = before.fill.generated[inner, 12 - shift : 32 - shift]
    np.testing.assert_allclose(carried.generated[inner, 12:32], there, atol=1.5)


def test_a_box_that_was_stretched_and_turned_shows_the_same_where_the_box_is() -> None:
    """The middle of the box, and a point halfway to one of its corners."""
    before = drawing()
    after = Box(center_x=150, center_y=120, width=60, height=30, angle_deg=20)
    window = crop_window(after, PHOTO, SIDE)
    carried = before.carried(after, window)
    for x, y in ((0.0, 0.0), (0.25, 0.25), (-0.25, 0.25)):
        was = level_at(before.fill.generated, before.window, BOX, x, y)
        np.testing.assert_allclose(level_at(carried.generated, window, after, x, y), was, atol=1.5)


def level_at(levels: np.ndarray, window: Window, box: Box, x: float, y: float) -> np.ndarray:
    """The pixel at a place in the box, −½ to ½ in both directions."""
    angle = np.deg2rad(box.angle_deg)
    along, across = x * box.width, y * box.height
    column = box.center_x + np.cos(angle) * along - np.sin(angle) * across - window.left
    row = box.center_y + np.sin(angle) * along + np.cos(angle) * across - window.top
    scale = levels.shape[0] / max(window.width, window.height)
    return levels[int(row * scale), int(column * scale)]


@pytest.mark.parametrize(
    ("box", "suits"),
    [
        (BOX.moved(80, 60), True),
        (Box(center_x=100, center_y=90, width=70, height=15, angle_deg=-25), True),
        (Box(center_x=100, center_y=90, width=40, height=20, angle_deg=340), True),
        (Box(center_x=100, center_y=90, width=90, height=20), False),
        (Box(center_x=100, center_y=90, width=40, height=20, angle_deg=45), False),
    ],
)
def test_only_to_a_box_that_is_about_as_large_and_turned_about_as_far(box: Box, suits: bool) -> None:
    assert drawing().suits(box) == suits
