import math

import numpy as np
import pytest

from engine.diffusion.foreground import find_foreground
from engine.diffusion.placement import place_boxes, place_one_by_one, shared_area
from engine.geometry import Box, BoxRange, Size, check_boxes
from tests.engine.diffusion.test_foreground import INSIDE, disc


def box(x: float, y: float, width: float, height: float, angle_deg: float = 0.0) -> Box:
    return Box(center_x=x, center_y=y, width=width, height=height, angle_deg=angle_deg)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def share_on(mask: np.ndarray, placed: Box) -> float:
    """Share of the box's area that lies on the mask, pixel by pixel."""
    y, x = np.indices(mask.shape) + 0.5
    cos, sin = math.cos(math.radians(placed.angle_deg)), math.sin(math.radians(placed.angle_deg))
    dx, dy = x - placed.center_x, y - placed.center_y
    inside = np.abs(dx * cos + dy * sin) < placed.width / 2
    inside &= np.abs(dy * cos - dx * sin) < placed.height / 2
    return float((inside & mask).sum() / placed.area)


def test_the_area_that_two_boxes_share() -> None:
    assert shared_area(box(10, 10, 10, 10), box(15, 10, 10, 10)) == pytest.approx(50)
    assert shared_area(box(10, 10, 10, 10), box(30, 10, 10, 10)) == 0
    assert shared_area(box(10, 10, 10, 10), box(10, 10, 4, 4, 45)) == pytest.approx(16)


# --- automatic placement ---------------------------------------------------------------------------------


@pytest.mark.parametrize("angles", [(0.0, 0.0), (-40.0, 40.0)])
def test_boxes_lie_on_the_part(angles: tuple[float, float]) -> None:
    sizes = BoxRange(width=(0.08, 0.15), height=(0.05, 0.1), angle_deg=angles)
    boxes = place_boxes(disc(200, 20), 12, sizes, rng())
    assert len(boxes) == 12
    assert min(share_on(INSIDE, placed) for placed in boxes) > 0.72  # of 75 %, measured on a grid
    check_boxes(boxes, Size(320, 240), "a.png")


def test_sizes_and_angles_are_within_their_ranges() -> None:
    sizes = BoxRange(width=(0.1, 0.2), height=(0.05, 0.08), angle_deg=(20.0, 50.0))
    boxes = [place_boxes(disc(200, 20), 1, sizes, np.random.default_rng(seed))[0] for seed in range(30)]
    for placed in boxes:
        assert 0.1 * 320 - 0.1 <= placed.width <= 0.2 * 320 + 0.1
        assert 0.05 * 320 - 0.1 <= placed.height <= 0.08 * 320 + 0.1
        assert 20 <= placed.angle_deg <= 50
    assert np.ptp([placed.width for placed in boxes]) > 0.05 * 320
    assert np.ptp([placed.angle_deg for placed in boxes]) > 15


def test_no_box_is_too_thin_for_an_anomaly() -> None:
    """Width and height are drawn by themselves: the widest may come with the lowest."""
    sizes = BoxRange(width=(0.02, 0.5), height=(0.02, 0.5))
    boxes = [place_boxes(disc(120, 120), 1, sizes, np.random.default_rng(seed))[0] for seed in range(30)]
    ratios = [min(placed.width, placed.height) / placed.long_side for placed in boxes]
    assert min(ratios) > 0.24
    assert max(ratios) > 0.8


@pytest.mark.parametrize("sizes", [None, BoxRange(width=(0.1, 0.2), height=(0.1, 0.2))])
def test_boxes_are_turned_only_where_that_is_asked_for(sizes: BoxRange | None) -> None:
    assert {placed.angle_deg for placed in place_boxes(disc(200, 20), 8, sizes, rng())} == {0}


def test_boxes_keep_apart_where_there_is_room() -> None:
    sizes = BoxRange(width=(0.08, 0.1), height=(0.08, 0.1))
    boxes = place_boxes(disc(200, 20), 6, sizes, rng())
    shared = [shared_area(one, other) for i, one in enumerate(boxes) for other in boxes[:i]]
    assert max(shared) == 0


def test_boxes_keep_apart_from_those_that_are_there() -> None:
    sizes = BoxRange(width=(0.08, 0.1), height=(0.08, 0.1))
    there = place_boxes(disc(200, 20), 4, sizes, rng())
    boxes = tuple(place_one_by_one(disc(200, 20), 4, sizes, rng(), there))
    assert max(shared_area(one, other) for one in boxes for other in there) == 0
    assert boxes != there


def test_boxes_can_have_to_lie_on_the_part_whole() -> None:
    sizes = BoxRange(width=(0.08, 0.1), height=(0.08, 0.1), on_part=1.0)
    boxes = place_boxes(disc(200, 20), 6, sizes, rng())
    assert min(share_on(INSIDE, placed) for placed in boxes) > 0.95  # as seen on a grid
    assert min(placed.width for placed in boxes) >= 0.08 * 320 - 0.1  # none had to become smaller


def test_boxes_that_do_not_fit_become_smaller() -> None:
    boxes = place_boxes(disc(200, 20), 2, BoxRange(width=(0.8, 0.9), height=(0.6, 0.7)), rng())
    assert share_on(INSIDE, boxes[0]) > 0.7
    assert boxes[0].width < 0.6 * 320


def test_a_seed_decides_where() -> None:
    photo = disc(200, 20)
    assert place_boxes(photo, 3, None, rng()) == place_boxes(photo, 3, None, rng())
    assert place_boxes(photo, 3, None, rng()) != place_boxes(photo, 3, None, np.random.default_rng(1))


@pytest.mark.parametrize("size", [(16, 16), (16, 400), (300, 20)])
@pytest.mark.parametrize("angles", [(0.0, 0.0), (-90.0, 90.0)])
def test_tiny_and_narrow_photos_get_boxes_that_can_be_filled(
    size: tuple[int, int], angles: tuple[float, float]
) -> None:
    photo = np.random.default_rng(1).integers(0, 255, (*size, 3), dtype=np.uint8)
    sizes = BoxRange(width=(0.3, 0.9), height=(0.05, 0.2), angle_deg=angles)
    for seed in range(5):
        boxes = place_boxes(photo, 3, sizes, np.random.default_rng(seed))
        check_boxes(boxes, Size(size[1], size[0]), "a.png")


def test_a_box_lies_on_the_part_that_is_found() -> None:
    """The same foreground that the placement looked at, for a photo that was reduced for it."""
    photo = np.repeat(np.repeat(disc(40, 220), 4, axis=0), 4, axis=1)
    (placed,) = place_boxes(photo, 1, None, rng())
    centre = np.array([[placed.center_x, placed.center_y]])
    assert find_foreground(photo).share(centre) == 1
    assert placed.width >= 0.1 * 1280 * 0.87
