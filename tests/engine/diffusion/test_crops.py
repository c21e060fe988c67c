import numpy as np
import pytest

from engine.diffusion.crops import (
    Support,
    anomaly_boxes,
    anomaly_crops,
    normal_crops,
    whole_photo_crops,
)
from engine.diffusion.views import Crop
from engine.geometry import Box

SIDE = 32
ANOMALY = (250, 0, 0)
LEFT_END, RIGHT_END = (250, 0, 120), (250, 120, 0)


def support(height: int, width: int, top: int, left: int, h: int, w: int, grey: int = 90) -> Support:
    """A grey photo with a red rectangle, its anomaly, whose ends differ in colour."""
    image = np.full((height, width, 3), grey, np.uint8)
    mask = np.zeros((height, width), bool)
    mask[top : top + h, left : left + w] = True
    image[mask] = ANOMALY
    image[top : top + h, left : left + w // 3] = LEFT_END
    image[top : top + h, left + w - w // 3 : left + w] = RIGHT_END
    return Support(image, mask)


def extent(mask: np.ndarray) -> tuple[int, int]:
    """Height and width of what is set."""
    ys, xs = np.nonzero(mask)
    return int(np.ptp(ys)) + 1, int(np.ptp(xs)) + 1


def is_red(image: np.ndarray, level: int = 200) -> np.ndarray:
    return (image[..., 0] > level) & (image[..., 0].astype(int) - image[..., 1] > 80)


# --- boxes of a mask -----------------------------------------------------------------------------------


def mask_of(*rectangles: tuple[int, int, int, int], size: int = 200) -> np.ndarray:
    mask = np.zeros((size, size), bool)
    for top, left, height, width in rectangles:
        mask[top : top + height, left : left + width] = True
    return mask


def test_a_box_fits_its_anomaly() -> None:
    assert anomaly_boxes(mask_of((30, 50, 20, 40))) == [Box.from_bounds(50, 30, 90, 50)]


def test_parts_that_are_close_are_one_anomaly_others_are_not() -> None:
    near = mask_of((30, 50, 20, 40), (30, 98, 20, 20))
    assert anomaly_boxes(near) == [Box.from_bounds(50, 30, 118, 50)]
    far = mask_of((30, 50, 20, 40), (150, 50, 20, 40))
    boxes = anomaly_boxes(far)
    assert sorted(boxes, key=lambda box: box.center_y) == [
        Box.from_bounds(50, 30, 90, 50),
        Box.from_bounds(50, 150, 90, 170),
    ]


def test_two_small_holes_far_apart_are_two() -> None:
    assert len(anomaly_boxes(mask_of((5, 5, 6, 6), (180, 180, 6, 6)))) == 2


def test_specks_are_no_anomalies() -> None:
    assert anomaly_boxes(mask_of((30, 50, 20, 40), (150, 150, 2, 2))) == [Box.from_bounds(50, 30, 90, 50)]


def test_an_empty_mask_has_none() -> None:
    assert anomaly_boxes(np.zeros((50, 60), bool)) == []


def test_the_box_of_a_hair_on_a_huge_photo_is_exact() -> None:
    mask = np.zeros((4001, 3001), bool)
    mask[1234:2000, 777] = True
    assert anomaly_boxes(mask) == [Box.from_bounds(777, 1234, 778, 2000)]


# --- crops of anomalies --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    [(60, 90, 16, 36), (0, 0, 16, 36), (0, 164, 16, 36), (134, 0, 16, 36), (134, 164, 16, 36), (67, 150, 16, 36)],
)  # fmt: skip
def test_a_crop_holds_the_whole_anomaly_wherever_it_lies(place: tuple[int, int, int, int]) -> None:
    top, left, height, width = place
    one = support(150, 200, top, left, height, width)
    for crop in anomaly_crops([one], 24, SIDE, np.random.default_rng(0)):
        tall, wide = extent(crop.mask)
        assert tall / wide == pytest.approx(height / width, abs=0.2)
        assert wide >= 0.2 * SIDE
        assert (crop.mask <= crop.box).all()
        assert crop.box.sum() > crop.mask.sum()


def test_mask_and_photo_are_mirrored_together() -> None:
    crops = anomaly_crops([support(150, 200, 40, 60, 16, 36)], 40, SIDE, np.random.default_rng(0))
    sides = set()
    for crop in crops:
        assert crop.image.shape == (SIDE, SIDE, 3)
        assert crop.mask.shape == crop.box.shape == (SIDE, SIDE)
        assert (is_red(crop.image) <= crop.mask).all()
        ys, xs = np.nonzero(crop.mask)
        middle = crop.image[round(ys.mean()), xs.min() : xs.max() + 1].astype(int)
        sides.add(bool(middle[: len(middle) // 2, 2].sum() > middle[len(middle) // 2 :, 2].sum()))
    assert sides == {True, False}


def test_no_two_crops_of_an_anomaly_are_alike() -> None:
    crops = anomaly_crops([support(150, 200, 40, 60, 16, 36)], 12, SIDE, np.random.default_rng(0))
    assert len({crop.box.tobytes() for crop in crops}) >= 10
    again = anomaly_crops([support(150, 200, 40, 60, 16, 36)], 12, SIDE, np.random.default_rng(0))
    assert all(np.array_equal(a.image, b.image) for a, b in zip(crops, again, strict=True))


def test_every_support_photo_is_seen_equally_often() -> None:
    many = support(150, 200, 10, 10, 12, 20, grey=200)
    for top in (60, 110):
        many.mask[top : top + 12, 150:170] = True
    supports = [
        support(150, 200, 40, 60, 16, 36, grey=20),
        many,
        support(150, 200, 40, 60, 16, 36, grey=110),
    ]
    crops = anomaly_crops(supports, 18, SIDE, np.random.default_rng(0))
    greys = [int(np.median(crop.image[..., 1])) for crop in crops]
    assert [sum(abs(grey - level) < 10 for grey in greys) for level in (20, 200, 110)] == [6, 6, 6]


def test_a_thin_crack_on_a_large_photo_is_not_averaged_away() -> None:
    image = np.full((1500, 2000, 3), 120, np.uint8)
    mask = np.zeros((1500, 2000), bool)
    mask[700, 400:1600] = True
    for crop in anomaly_crops([Support(image, mask)], 6, SIDE, np.random.default_rng(0)):
        tall, wide = extent(crop.mask)
        assert wide >= 0.3 * SIDE
        assert tall <= 2
        assert crop.mask.sum() >= wide  # without a gap
        assert extent(crop.box)[0] > tall


def test_a_photo_smaller_than_the_backbone_is_filled_up() -> None:
    for crop in anomaly_crops([support(20, 30, 5, 8, 8, 12)], 8, SIDE, np.random.default_rng(0)):
        assert crop.image.shape == (SIDE, SIDE, 3)
        assert crop.mask.any()
        assert (crop.mask <= crop.box).all()


def test_an_anomaly_as_large_as_its_photo() -> None:
    for crop in anomaly_crops([support(90, 120, 0, 0, 90, 120)], 4, SIDE, np.random.default_rng(0)):
        assert crop.mask.mean() > 0.5


# --- crops of good photos ------------------------------------------------------------------------------


def test_a_normal_crop_has_a_box_and_no_anomaly() -> None:
    photo = np.full((150, 200, 3), 80, np.uint8)
    boxes = [
        Box(center_x=100, center_y=70, width=40, height=20),
        Box(center_x=180, center_y=130, width=30, height=16, angle_deg=40),
    ]
    crops = normal_crops(photo, boxes, SIDE, np.random.default_rng(0))
    assert len(crops) == 2
    for crop, box in zip(crops, boxes, strict=True):
        assert isinstance(crop, Crop)
        assert not crop.mask.any()
        assert 0.02 < crop.box.mean() < 0.6
        corners = crop.box[[0, 0, -1, -1], [0, -1, 0, -1]]
        assert not corners.any(), "the box leaves surroundings"
        tall, wide = extent(crop.box)
        if box.angle_deg == 0:
            assert tall / wide == pytest.approx(0.5, abs=0.15)
            assert crop.box.sum() == tall * wide
        else:
            assert crop.box.sum() < 0.8 * tall * wide


# --- whole photos --------------------------------------------------------------------------------------


def test_whole_photos_come_with_their_mirror_images() -> None:
    crops = whole_photo_crops([support(60, 80, 20, 30, 12, 24), support(60, 80, 30, 10, 12, 24)], SIDE)
    assert len(crops) == 4
    for plain, mirrored in (crops[:2], crops[2:]):
        assert np.array_equal(plain.image[:, ::-1], mirrored.image)
        assert np.array_equal(plain.mask[:, ::-1], mirrored.mask)
        assert np.array_equal(plain.box[:, ::-1], mirrored.box)
        tall, wide = extent(plain.mask)
        assert (tall, wide) == (pytest.approx(12 / 60 * SIDE, abs=1), pytest.approx(24 / 80 * SIDE, abs=1))
        assert plain.box.sum() == tall * wide
        assert (plain.mask <= plain.box).all()
