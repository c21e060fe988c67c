"""What the supports tell of boxes for their anomaly."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from engine.diffusion.box_range import box_range_from_supports
from engine.diffusion.crops import Support
from engine.diffusion.foreground import find_foreground
from engine.diffusion.placement import place_boxes
from engine.geometry import DEFAULT_BOX_RANGE, ON_PART, BoxRange


def range_of(masks: Sequence[np.ndarray]) -> BoxRange:
    """The range of anomalies on a surface that fills its photos."""
    return box_range_from_supports(
        [Support(np.full((*mask.shape, 3), 128, np.uint8), mask) for mask in masks]
    )


def mask_with(*parts: tuple[slice, slice]) -> np.ndarray:
    """(200, 400) bool, true on the parts."""
    mask = np.zeros((200, 400), bool)
    for part in parts:
        mask[part] = True
    return mask


def test_sizes_come_from_the_masks_with_a_margin() -> None:
    """40 and 60 of 400 pixels: from 0.1 · 1.2 / 1.05 to 0.15 · 1.2 · 1.05, not turned."""
    masks = [mask_with((slice(50, 90), slice(50, 90))), mask_with((slice(20, 80), slice(300, 360)))]
    sizes = range_of(masks)
    assert sizes.width == pytest.approx((0.1 * 1.2 / 1.05, 0.15 * 1.2 * 1.05), abs=1e-3)
    assert sizes.height == sizes.width
    assert sizes.angle_deg == (0, 0)


def test_every_anomaly_of_a_mask_counts() -> None:
    two = mask_with((slice(20, 40), slice(20, 40)), (slice(120, 180), slice(300, 360)))
    sizes = range_of([two])
    assert sizes.width[0] < 20 / 400 * 1.2 < 60 / 400 * 1.2 < sizes.width[1]


def test_scratches_in_one_direction_stay_in_it() -> None:
    scratches = [mask_with((slice(50, 56), slice(40, 140))), mask_with((slice(90, 98), slice(200, 290)))]
    sizes = range_of(scratches)
    low, high = sizes.angle_deg
    assert -15 < low < 0 < high < 15
    assert sizes.height[0] >= 0.2 * sizes.width[0]  # a box is not as thin as a scratch


def test_of_a_long_crack_pieces_are_drawn_as_thick_as_it_is() -> None:
    """300 by 16 of 400 pixels: as thick as that, and four times as long."""
    crack = range_of([mask_with((slice(50, 66), slice(40, 340)))])
    assert crack.height == pytest.approx((16 / 400 * 1.2 / 1.05, 16 / 400 * 1.2 * 1.05), rel=0.1)
    assert crack.width == pytest.approx([4 * height for height in crack.height], rel=0.01)


def test_pieces_of_a_hair_are_as_thick_as_can_be_drawn() -> None:
    hair = range_of([mask_with((slice(50, 51), slice(40, 340)))])
    assert hair.height[0] == pytest.approx(0.03 * 1.2 / 1.05, rel=0.01)
    assert hair.width[0] == pytest.approx(4 * hair.height[0], rel=0.01)


def test_scratches_in_two_directions_lie_anyhow() -> None:
    scratches = [mask_with((slice(50, 56), slice(40, 140))), mask_with((slice(20, 120), slice(200, 206)))]
    assert range_of(scratches).angle_deg == (-90, 90)


def test_no_box_is_larger_than_the_photo() -> None:
    sizes = range_of([mask_with((slice(5, 195), slice(5, 395)))])
    assert max(*sizes.width, *sizes.height) <= 0.9


def test_without_an_anomaly_there_is_a_default() -> None:
    assert range_of([mask_with()]) == DEFAULT_BOX_RANGE
    assert range_of([]) == DEFAULT_BOX_RANGE


# --- where on the part -----------------------------------------------------------------------------------

RADIUS, CENTER = 150, 200


def part(*bites: tuple[int, int, int]) -> Support:
    """A bright disc on black, 400×400, and discs (x, y, radius) bitten out of it; the mask is what is missing."""
    disc, bitten = np.zeros((400, 400), np.uint8), np.zeros((400, 400), np.uint8)
    cv2.circle(disc, (CENTER, CENTER), RADIUS, 1, -1)
    for x, y, radius in bites:
        cv2.circle(bitten, (x, y), radius, 1, -1)
    mask = (disc & bitten).astype(bool)
    image = np.where((disc.astype(bool) & ~mask)[..., None], 200, 10).astype(np.uint8).repeat(3, axis=2)
    return Support(image, mask)


def test_anomalies_at_the_rim_are_placed_at_the_rim() -> None:
    """The bites' boxes have their centres about 20 pixels inside the rim; boxes may lie 15 more or less."""
    at_rim = box_range_from_supports([part((350, 200, 40)), part((200, 350, 40))])
    assert at_rim.depth is not None
    assert at_rim.depth[0] * 400 == pytest.approx(20 - 15, abs=4)
    assert at_rim.depth[1] * 400 == pytest.approx(20 + 15, abs=4)
    good = part().image
    for box in place_boxes(good, 12, at_rim, np.random.default_rng(0)):
        inside = RADIUS - np.hypot(box.center_x - CENTER, box.center_y - CENTER)
        assert 0 <= inside <= 45


def test_boxes_may_hang_over_the_edge_as_far_as_the_supports_do() -> None:
    """The upright box of a bite at 45° has a corner beside the disc."""
    assert 0.3 < box_range_from_supports([part((306, 306, 25))]).on_part < ON_PART


def test_anomalies_deep_inside_stay_inside() -> None:
    deep = box_range_from_supports([part((200, 200, 20)), part((230, 180, 20))])
    assert deep.depth is not None
    assert deep.depth[0] * 400 > 60
    assert deep.on_part == ON_PART


def test_a_surface_without_an_edge_has_no_depth() -> None:
    assert range_of([mask_with((slice(50, 90), slice(50, 90)))]).depth is None


def test_what_broke_off_counts_as_part() -> None:
    bitten = part((350, 200, 40))
    assert not find_foreground(bitten.image).mask[200, 330]
    assert find_foreground(bitten.image).with_pixels(bitten.mask).mask[200, 330]


def test_a_part_that_is_nowhere_so_deep_is_used_as_it_is() -> None:
    deeper = BoxRange(width=(0.1, 0.1), height=(0.1, 0.1), depth=(0.8, 0.9))
    assert len(place_boxes(part().image, 3, deeper, np.random.default_rng(0))) == 3
