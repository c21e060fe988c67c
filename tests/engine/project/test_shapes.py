"""Anomalies found in masks."""

import math

import numpy as np
import pytest

from engine.box_ranges import range_of_shapes
from engine.geometry import DEFAULT_BOX_RANGE
from engine.project.shapes import find_anomalies, shape_of_anomaly


def mask_with(*parts: tuple[slice, slice]) -> np.ndarray:
    """(200, 400) bool, true on the parts: rows, columns."""
    mask = np.zeros((200, 400), bool)
    for part in parts:
        mask[part] = True
    return mask


def test_an_upright_rectangle_is_its_own_box() -> None:
    (box,) = find_anomalies(mask_with((slice(20, 40), slice(100, 160))))
    assert (box.center_x, box.center_y) == pytest.approx((130, 30))
    assert (box.width, box.height, box.angle_deg) == pytest.approx((60, 20, 0))


def test_a_box_is_long_along_its_width() -> None:
    (box,) = find_anomalies(mask_with((slice(20, 120), slice(100, 110))))
    assert (box.width, box.height, box.angle_deg) == pytest.approx((100, 10, -90))


def test_a_turned_scratch_is_found_as_it_lies() -> None:
    """100 pixels long, 8 wide, turned by 30°, about (200, 100)."""
    y, x = np.indices((200, 400)) + 0.5 - np.array([100, 200])[:, None, None]
    cos, sin = math.cos(math.radians(30)), math.sin(math.radians(30))
    mask = (np.abs(x * cos + y * sin) < 50) & (np.abs(y * cos - x * sin) < 4)
    (box,) = find_anomalies(mask)
    assert (box.center_x, box.center_y) == pytest.approx((200, 100), abs=0.6)
    assert box.angle_deg == pytest.approx(30, abs=1.1)
    assert (box.width, box.height) == pytest.approx((100, 8), abs=3)


def test_near_pieces_are_one_anomaly_far_ones_are_not_and_specks_are_none() -> None:
    near = mask_with((slice(20, 40), slice(20, 60)), (slice(20, 40), slice(64, 100)))
    assert len(find_anomalies(near)) == 1
    far = mask_with((slice(20, 40), slice(20, 60)), (slice(150, 170), slice(300, 340)))
    assert len(find_anomalies(far)) == 2
    three = mask_with(
        (slice(20, 40), slice(20, 60)), (slice(150, 170), slice(300, 340)), (slice(20, 40), slice(64, 100))
    )
    assert len(find_anomalies(three)) == 2
    speck = mask_with((slice(20, 40), slice(20, 60)), (slice(150, 152), slice(300, 302)))
    assert len(find_anomalies(speck)) == 1
    assert find_anomalies(np.zeros((9, 9), bool)) == ()


def test_boxes_for_anomalies_have_their_sizes_with_a_margin() -> None:
    """40 and 60 of 400 pixels: from 0.1 · 1.2 / 1.05 to 0.15 · 1.2 · 1.05, not turned."""
    masks = [mask_with((slice(50, 90), slice(50, 90))), mask_with((slice(20, 80), slice(300, 360)))]
    found = range_of_shapes([shape_of_anomaly(box, 400) for mask in masks for box in find_anomalies(mask)])
    assert found.width == found.height == pytest.approx((0.1 * 1.2 / 1.05, 0.15 * 1.2 * 1.05), abs=1e-3)
    assert found.angle_deg == (0, 0)
    assert range_of_shapes([]) == DEFAULT_BOX_RANGE
