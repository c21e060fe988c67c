"""Close-ups: twice as wide as the box, the box in its place, supports from all sides."""

import numpy as np
import pytest

from engine.diffusion.crops import Support
from engine.diffusion.judging.close_ups import (
    SIDE,
    anomaly_close_up,
    close_up,
    crop_close_up,
    drawn_box,
    variants,
)
from engine.geometry import Box


def photo_with(mask: np.ndarray) -> Support:
    """White where the mask is, black elsewhere."""
    return Support(np.repeat(mask[..., None], 3, axis=2).astype(np.uint8) * 255, mask)


def bar(top: int = 80, left: int = 60, height: int = 20, width: int = 60) -> np.ndarray:
    mask = np.zeros((200, 240), bool)
    mask[top : top + height, left : left + width] = True
    return mask


def test_the_box_is_half_as_wide_as_its_close_up() -> None:
    shown = close_up(photo_with(bar()).image, Box(center_x=90, center_y=90, width=60, height=20))
    assert shown.image.shape == (SIDE, SIDE, 3)
    assert shown.box.any(0).sum() == pytest.approx(SIDE / 2, abs=2)
    assert shown.box.any(1).sum() == pytest.approx(SIDE / 6, abs=2)
    inside = shown.image[..., 0] > 127
    assert (inside != shown.box).mean() < 0.02


def test_a_drawn_box_has_a_little_room() -> None:
    box = drawn_box(bar())
    assert (box.center_x, box.center_y) == (90, 90)
    assert (box.width, box.height) == pytest.approx((72, 24))


def test_the_largest_anomaly_is_shown() -> None:
    mask = bar() | bar(top=10, left=10, height=10, width=10)
    assert drawn_box(mask) == drawn_box(bar())
    shown = anomaly_close_up(photo_with(mask))
    assert shown.box[SIDE // 2, SIDE // 2]


def test_an_anomaly_at_the_edge_stays_in_the_photo() -> None:
    shown = anomaly_close_up(photo_with(bar(top=180, left=180)))
    assert shown.image.shape == (SIDE, SIDE, 3)
    assert (shown.image[shown.box] > 127).mean() > 0.6


def test_a_crop_is_shown_whole() -> None:
    box = np.zeros((32, 32), bool)
    box[8:16, 0:32] = True
    shown = crop_close_up(np.zeros((32, 32, 3), np.uint8), box)
    assert shown.box.shape == (SIDE, SIDE)
    assert shown.box.mean() == pytest.approx(0.25, abs=0.01)


def test_supports_are_seen_mirrored_and_shifted() -> None:
    found = variants(photo_with(bar() | bar(top=10, left=10, height=18, width=30)))
    assert len(found) == 2 * 5 * 4  # anomalies, shifts, mirrorings
    first, upside_down = found[0], found[1]
    assert (first.image[::-1] == upside_down.image).all()
    assert (first.box[::-1] == upside_down.box).all()
