import math
import tracemalloc
from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.data.crops import cut
from engine.diffusion import compositing
from engine.diffusion.compositing import (
    Fill,
    box_at_side,
    box_squeezed,
    composite,
    edge_distance,
    feather_mask,
    inside_box,
    paste,
)
from engine.geometry import Box, Size, Window, box_window, crop_window
from tests.engine.diffusion.ready_project import ROTATED, UPRIGHT, pixels

SIDE = 32
BOX = Box.from_bounds(2, 3, 6, 8)


def fill_of(photo: np.ndarray, window: Window, change: float, blur: float = 0.0) -> Fill:
    """The window at the backbone's size, brighter by `change`; the autoencoder darkens everything by `blur`."""
    reference = cut(photo, window, SIDE).astype(np.float32) - np.float32(blur)
    return Fill(reference + np.float32(change), reference)


def pasted(
    photo: np.ndarray,
    box: Box,
    change: float,
    blur: float = 0.0,
    feather: float = 0.15,
    is_grey: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """The photo with a fill pasted, and which of its pixels may differ."""
    size = Size(photo.shape[1], photo.shape[0])
    window, image = crop_window(box, size, SIDE), photo.copy()
    touched = paste(image, box, window, fill_of(photo, window, change, blur), feather, is_grey)
    mask = np.zeros(photo.shape[:2], bool)
    mask[box_window(box, size).slices()] = touched
    return image, mask


# --- where the box is ------------------------------------------------------------------------------------


def test_the_pixels_in_a_box_are_those_whose_centre_is() -> None:
    expected = np.zeros((12, 10), bool)
    expected[3:8, 2:6] = True
    np.testing.assert_array_equal(inside_box(BOX, Window(0, 0, 10, 12)), expected)
    np.testing.assert_array_equal(inside_box(BOX, Window(4, 5, 6, 7)), expected[5:, 4:])


def test_a_box_turned_by_90_degrees_lies_across() -> None:
    lying = Box(center_x=10, center_y=10, width=12, height=4)
    standing = Box(center_x=10, center_y=10, width=12, height=4, angle_deg=90)
    window = Window(0, 0, 20, 20)
    np.testing.assert_array_equal(inside_box(standing, window), inside_box(lying, window).T)


def test_distances_to_the_nearest_side() -> None:
    distance = edge_distance(BOX, Window(2, 3, 4, 5))
    assert distance[0].tolist() == [0.5, 0.5, 0.5, 0.5]
    assert distance[2].tolist() == [0.5, 1.5, 1.5, 0.5]
    assert edge_distance(BOX, Window(0, 5, 1, 1)).item() == -1.5


def test_a_rotated_box_has_its_area() -> None:
    inside = inside_box(ROTATED, Window(0, 0, 104, 72))
    assert inside.sum() == pytest.approx(ROTATED.area, rel=0.03)
    half_side, off_centre = 14 / 2, 0.5 * (math.cos(math.radians(35)) - math.sin(math.radians(35)))
    assert edge_distance(ROTATED, Window(70, 40, 1, 1)).item() == pytest.approx(
        half_side - off_centre, abs=1e-4
    )


def test_the_feather_rises_inwards_from_the_box_s_edge() -> None:
    weight = feather_mask(Box.from_bounds(0, 0, 40, 20), Window(0, 0, 60, 20), feather=0.25)
    assert (weight[:, 40:] == 0).all()
    assert (weight[5:15, 5:35] == 1).all()
    assert (np.diff(weight[10, :20]) >= 0).all()
    assert 0 < weight[10, 0] < 0.05


def test_without_a_feather_all_of_the_box_is_replaced() -> None:
    weight = feather_mask(Box.from_bounds(1, 1, 9, 9), Window(0, 0, 10, 10), feather=0)
    assert ((weight > 0) == inside_box(Box.from_bounds(1, 1, 9, 9), Window(0, 0, 10, 10))).all()
    assert (weight[2:8, 2:8] == 1).all()


def test_the_box_at_the_backbone_s_size() -> None:
    window = crop_window(UPRIGHT, Size(104, 72), SIDE)
    assert window.width == window.height == 48
    inside = box_at_side(UPRIGHT, window, SIDE)
    assert inside.sum() == pytest.approx(UPRIGHT.area * (SIDE / 48) ** 2, rel=0.1)


def test_a_box_between_two_pixels_still_has_one() -> None:
    thin = Box(center_x=500.5, center_y=400, width=900, height=3)
    inside = box_at_side(thin, Window(0, 0, 1000, 1000), SIDE)
    assert inside.any()
    speck = Box(center_x=10, center_y=10, width=2, height=2)
    assert box_at_side(speck, Window(0, 0, 1000, 1000), SIDE).sum() == 1


def test_a_squeezed_box_keeps_its_share_of_the_photo() -> None:
    inside = box_squeezed(Box.from_bounds(0, 0, 50, 100), Size(200, 100), SIDE)
    expected = np.zeros((SIDE, SIDE), bool)
    expected[:, :8] = True
    np.testing.assert_array_equal(inside, expected)


# --- pasting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "box", [UPRIGHT, ROTATED, Box(center_x=2, center_y=70, width=30, height=20, angle_deg=20)]
)
@pytest.mark.parametrize("size", [(104, 72), (60, 500), (40, 24)])
@pytest.mark.parametrize("change", [8.0, 120.0])
def test_outside_the_box_not_a_pixel_changes(box: Box, size: tuple[int, int], change: float) -> None:
    photo = pixels(3, *size)
    image, mask = pasted(photo, box, change, blur=20)
    np.testing.assert_array_equal(image[~mask], photo[~mask])
    np.testing.assert_array_equal(mask, inside_box(box, Window(0, 0, *size)))
    if mask.sum() > 100:
        assert (image[mask] != photo[mask]).any(axis=1).mean() > 0.6


def test_a_small_change_is_added_and_the_photo_s_texture_stays() -> None:
    rng = np.random.default_rng(0)
    photo = rng.integers(80, 120, (96, 96, 3), dtype=np.uint8)
    box = Box(center_x=48, center_y=48, width=40, height=40)
    image, _ = pasted(photo, box, change=10, blur=15, feather=0.1)
    middle = (slice(36, 60), slice(36, 60))
    np.testing.assert_array_equal(image[middle], photo[middle] + 10)


def test_a_large_change_replaces_what_was_there() -> None:
    """The photo's own texture would shine through."""
    photo = pixels(1, 96, 96) // 3
    box = Box(center_x=48, center_y=48, width=40, height=40)
    size = Size(96, 96)
    window, image = crop_window(box, size, SIDE), photo.copy()
    reference = cut(photo, window, SIDE).astype(np.float32)
    fill = Fill(np.full_like(reference, 230.0), reference)
    paste(image, box, window, fill, feather=0.1, is_grey=False)
    assert (image[36:60, 36:60] == 230).all()


def test_an_unchanged_fill_changes_nothing() -> None:
    photo = pixels(2)
    image, _ = pasted(photo, UPRIGHT, change=0, blur=30)
    np.testing.assert_array_equal(image, photo)


def test_levels_stay_within_what_a_byte_holds() -> None:
    photo = np.full((72, 104, 3), 250, np.uint8)
    image, _ = pasted(photo, UPRIGHT, change=14)
    assert image.max() == 255
    assert image.min() == 250


def test_a_photo_without_colour_stays_without() -> None:
    photo = np.repeat(pixels(4)[..., :1], 3, axis=2)
    window, image = crop_window(UPRIGHT, Size(104, 72), SIDE), photo.copy()
    fill = fill_of(photo, window, 0)
    coloured = replace(fill, generated=fill.generated + np.array([90, 0, 0], np.float32))
    paste(image, UPRIGHT, window, coloured, feather=0.1, is_grey=True)
    assert (image[..., 0] == image[..., 2]).all()
    assert (image != photo).any()


@pytest.mark.parametrize(
    "box", [Box(center_x=300, center_y=200, width=280, height=200, angle_deg=15), UPRIGHT]
)
def test_strips_are_the_same_as_the_whole(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = pixels(5, 600, 400)
    whole, mask = pasted(photo, box, change=70)
    monkeypatch.setattr(compositing, "_STRIP_PIXELS", 1)
    in_strips, same_mask = pasted(photo, box, change=70)
    difference = np.abs(in_strips.astype(int) - whole)
    assert difference.max() <= 1  # of rounding
    assert (difference > 0).mean() < 1e-4
    np.testing.assert_array_equal(same_mask, mask)


def test_a_box_on_a_large_photo_takes_memory_for_its_own_window_only() -> None:
    photo = np.full((3000, 4000, 3), 90, np.uint8)
    box = Box(center_x=2000, center_y=1500, width=200, height=100, angle_deg=10)
    window = crop_window(box, Size(4000, 3000), SIDE)
    fill = fill_of(photo, window, 50)
    tracemalloc.start()
    try:
        paste(photo, box, window, fill, 0.15, is_grey=False)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < photo.nbytes / 5
    assert (photo != 90).any()


# --- as it is shown ---------------------------------------------------------------------------------------


def test_what_is_shown_is_what_is_pasted() -> None:
    photo, window = pixels(1), crop_window(ROTATED, Size(104, 72), 32)
    fill = fill_of(photo, window, 60.0, 1)
    shown = composite(photo, ROTATED, window, fill, 0.15)
    np.testing.assert_array_equal(photo, pixels(1))
    pasted = photo.copy()
    paste(pasted, ROTATED, window, fill, 0.15, is_grey=False)
    np.testing.assert_array_equal(shown, pasted[box_window(ROTATED, Size(104, 72)).slices()])


@pytest.mark.parametrize(("x", "y"), [(750, 500), (300, 400), (1350, 900)])
def test_a_large_box_is_shown_smaller_and_in_its_place(x: float, y: float) -> None:
    photo = pixels(1, 1500, 1000)
    box = Box(center_x=x, center_y=y, width=840, height=420, angle_deg=25)
    window = crop_window(box, Size(1500, 1000), 32)
    fill = Fill(np.full((32, 32, 3), 250, np.float32), np.zeros((32, 32, 3), np.float32))
    shown = composite(photo, box, window, fill, 0.15)
    pasted = photo.copy()
    paste(pasted, box, window, fill, 0.15, is_grey=False)
    whole = pasted[box_window(box, Size(1500, 1000)).slices()]
    assert max(shown.shape[:2]) == 512
    assert shown.shape[0] / shown.shape[1] == pytest.approx(whole.shape[0] / whole.shape[1], rel=0.01)
    smaller = cv2.resize(whole, shown.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(shown.astype(int) - smaller).mean() < 2
    assert np.percentile(np.abs(shown.astype(int) - smaller), 99.5) < 20
