"""The pixels of masks: painted, packed into changes, reduced for the screen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from anogen_gui.ui.canvas.mask_pixels import MaskPixels
from engine.geometry import Size

SIZE = Size(300, 201)
points = st.tuples(st.floats(-20, 320), st.floats(-20, 220))


def centers() -> tuple[np.ndarray, np.ndarray]:
    """x and y of the centre of every pixel."""
    rows, columns = np.indices((SIZE.height, SIZE.width))
    return columns + 0.5, rows + 0.5


def in_rect(rect: QRect) -> np.ndarray:
    inside = np.zeros((SIZE.height, SIZE.width), bool)
    inside[rect.top() : rect.top() + rect.height(), rect.left() : rect.left() + rect.width()] = True
    return inside


def distance_to_line(start: tuple[float, float], end: tuple[float, float]) -> np.ndarray:
    x, y = centers()
    way = np.subtract(end, start)
    part = ((x - start[0]) * way[0] + (y - start[1]) * way[1]) / max(1e-9, float(way @ way))
    part = part.clip(0, 1)
    return np.hypot(x - start[0] - part * way[0], y - start[1] - part * way[1])


@given(points, points, st.floats(2, 60))
def test_a_brush_paints_what_lies_within_its_reach(
    start: tuple[float, float], end: tuple[float, float], width: float
) -> None:
    pixels = MaskPixels(SIZE)
    touched = pixels.draw_line(start, end, width, is_on=True)
    mask, distance = pixels.array(), distance_to_line(start, end)
    assert mask[distance < width / 2 - 1].all()
    assert not mask[distance > width / 2 + 1].any()
    assert not mask[~in_rect(touched)].any()


@given(st.floats(0, 299.9), st.floats(0, 200.9))
def test_a_brush_of_one_pixel_paints_the_pixel_it_is_on(x: float, y: float) -> None:
    pixels = MaskPixels(SIZE)
    pixels.draw_line((x, y), (x, y), 1.0, is_on=True)
    mask = pixels.array()
    assert mask.sum() == 1
    assert mask[int(y), int(x)]


def test_erasing_undoes_painting() -> None:
    pixels = MaskPixels(SIZE)
    pixels.draw_line((50, 50), (150, 90), 20, is_on=True)
    assert pixels.array().sum() > 2000
    pixels.draw_line((50, 50), (150, 90), 22, is_on=False)
    assert not pixels.array().any()


def test_a_polygon_holds_the_pixels_whose_center_is_in_it() -> None:
    pixels = MaskPixels(SIZE)
    touched = pixels.fill_polygon([(10, 20), (30, 20), (30, 25), (10, 25)], is_on=True)
    assert pixels.array()[20:25, 10:30].all()
    assert pixels.array().sum() == 100
    assert touched.contains(QRect(10, 20, 20, 5))
    pixels.fill_polygon([(10, 20), (20, 20), (20, 25), (10, 25)], is_on=False)
    assert pixels.array().sum() == 50


def test_a_polygon_that_crosses_itself_has_no_hole() -> None:
    pixels = MaskPixels(SIZE)
    star = [(150 + 80 * np.sin(n * 4 * np.pi / 5), 100 - 80 * np.cos(n * 4 * np.pi / 5)) for n in range(5)]
    pixels.fill_polygon(star, is_on=True)
    assert pixels.array()[100, 150]


def test_inverting_clearing_and_taking_an_array() -> None:
    mask = np.random.default_rng(0).random((SIZE.height, SIZE.width)) > 0.5
    pixels = MaskPixels(SIZE)
    pixels.set_array(mask)
    assert (pixels.array() == mask).all()
    pixels.invert()
    assert (pixels.array() == ~mask).all()
    pixels.clear()
    assert not pixels.array().any()
    with pytest.raises(ValueError, match="mask"):
        pixels.set_array(mask.T)


@given(points, points, st.floats(1, 60), st.booleans())
def test_a_change_can_be_taken_back_and_made_again(
    start: tuple[float, float], end: tuple[float, float], width: float, is_on: bool
) -> None:
    first = np.random.default_rng(1).random((SIZE.height, SIZE.width)) > 0.5
    pixels = MaskPixels(SIZE)
    pixels.set_array(first)
    before = pixels.snapshot()
    touched = pixels.draw_line(start, end, width, is_on)
    after = pixels.array()
    change = pixels.change_since(before, touched, "Paint")
    if change is None:
        assert (after == first).all()
        return
    pixels.put(change.rect, change.pixels_before())
    assert (pixels.array() == first).all()
    pixels.put(change.rect, change.pixels_after())
    assert (pixels.array() == after).all()
    assert len(change.before) <= change.width * change.height / 8 + 1


def test_a_change_is_no_larger_than_what_changed() -> None:
    pixels = MaskPixels(SIZE)
    before = pixels.snapshot()
    pixels.fill_polygon([(40, 50), (47, 50), (47, 53), (40, 53)], is_on=True)
    change = pixels.change_since(before, pixels.whole, "Fill box")
    assert change is not None
    assert change.rect == QRect(40, 50, 7, 3)
    assert change.name == "Fill box"
    assert pixels.change_since(pixels.snapshot(), pixels.whole, "Nothing") is None


@given(points, points, st.floats(1, 30), st.sampled_from([1.0, 0.5, 0.3, 0.2]))
def test_a_reduced_copy_has_every_square_in_which_a_pixel_is_on(
    start: tuple[float, float], end: tuple[float, float], width: float, zoom: float
) -> None:
    pixels = MaskPixels(SIZE)
    pixels.fill_polygon([(200, 100), (260, 110), (230, 180)], is_on=True)
    pixels.draw_line(start, end, width, is_on=True)
    pixels.draw_line(end, (150, 100), width, is_on=False)
    level, factor = pixels.reduced(zoom)
    assert 0.5 < zoom * factor <= 1.0
    mask = pixels.array()
    padded = np.zeros((level.shape[0] * factor, level.shape[1] * factor), bool)
    padded[: SIZE.height, : SIZE.width] = mask
    expected = padded.reshape(level.shape[0], factor, level.shape[1], factor).any(axis=(1, 3))
    assert ((level > 0) == expected).all()
    assert in_rect(pixels.bounds())[mask].all()


def test_an_empty_mask_has_no_bounds() -> None:
    pixels = MaskPixels(SIZE)
    assert pixels.bounds().isEmpty()
    pixels.draw_line((150, 150), (150, 150), 4, is_on=True)
    assert pixels.bounds().contains(150, 150)
    assert pixels.bounds().width() < 20
