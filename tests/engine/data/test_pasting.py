import math
from collections.abc import Callable

import cv2
import numpy as np
import pytest

from engine.data import pasting
from engine.data.augmentation import to_grey
from engine.data.pasting import cut_paste, cut_paste_scar, perlin_anomaly

Paste = Callable[[np.ndarray, np.random.Generator, np.ndarray | None], tuple[np.ndarray, np.ndarray]]


def noisy(height: int, width: int, seed: int = 99) -> np.ndarray:
    """No two places alike: (height, width, 3) uint8."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def textured(photo: np.ndarray, rng: np.random.Generator, inside: np.ndarray | None) -> pasting.Pasted:
    return perlin_anomaly(photo, noisy(256, 256, 1), rng, inside)


def disc(size: int, radius: int, x: int, y: int) -> np.ndarray:
    canvas = np.zeros((size, size), np.uint8)
    cv2.circle(canvas, (x, y), radius, 1, -1)
    return canvas > 0


ROWS, COLUMNS = np.indices((64, 64))
LITTLE = {
    "corner": ROWS - COLUMNS <= -62,
    "diagonal": ROWS == COLUMNS,
    "bottom row": ROWS == 63,
    "one pixel": ROWS + COLUMNS == 0,
}

every_paste = pytest.mark.parametrize("paste", [textured, cut_paste, cut_paste_scar])


@every_paste
@pytest.mark.parametrize("size", [(256, 256), (90, 300), (16, 16)])
def test_the_photo_outside_the_mask_is_untouched(paste: Paste, size: tuple[int, int]) -> None:
    photo = noisy(*size)
    for seed in range(25):
        image, mask = paste(photo, np.random.default_rng(seed), None)
        assert (image.shape, image.dtype) == (photo.shape, np.uint8)
        assert (mask.shape, mask.dtype) == (size, bool)
        assert mask.any()
        assert not mask.all()
        np.testing.assert_array_equal(image[~mask], photo[~mask])
    np.testing.assert_array_equal(photo, noisy(*size))


@every_paste
def test_what_the_mask_covers_has_changed(paste: Paste) -> None:
    photo = noisy(256, 256)
    changed = []
    for seed in range(25):
        image, mask = paste(photo, np.random.default_rng(seed), None)
        changed.append((image != photo).any(axis=2)[mask].mean())
    assert min(changed) > 0.9


@every_paste
def test_the_same_seed_gives_the_same_anomaly(paste: Paste) -> None:
    photo = noisy(64, 64)
    first, again, other = (paste(photo, np.random.default_rng(seed), None) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert (first[1] != other[1]).any()


@every_paste
def test_the_mask_stays_inside_and_reaches_everywhere(paste: Paste) -> None:
    photo, inside = noisy(128, 128), disc(128, 30, 100, 40)
    reached = np.zeros_like(inside)
    for seed in range(150):
        image, mask = paste(photo, np.random.default_rng(seed), inside)
        assert mask.any()
        assert not (mask & ~inside).any()
        np.testing.assert_array_equal(image[~mask], photo[~mask])
        reached |= mask
    assert reached.sum() > 0.8 * inside.sum()


@every_paste
@pytest.mark.parametrize("inside", LITTLE.values(), ids=LITTLE)
def test_there_is_an_anomaly_however_little_is_allowed(paste: Paste, inside: np.ndarray) -> None:
    photo = noisy(64, 64)
    for seed in range(10):
        _, mask = paste(photo, np.random.default_rng(seed), inside)
        assert mask.any()
        assert not (mask & ~inside).any()


@every_paste
def test_grey_photos_stay_grey(paste: Paste) -> None:
    photo = to_grey(noisy(64, 64))
    for seed in range(15):
        image, mask = paste(photo, np.random.default_rng(seed), None)
        assert (image[..., :1] == image).all()
        assert (image != photo)[mask].any()


@every_paste
def test_a_wrong_inside_is_refused(paste: Paste) -> None:
    with pytest.raises(ValueError, match="inside is"):
        paste(noisy(32, 32), np.random.default_rng(0), np.ones((32, 31), bool))
    with pytest.raises(ValueError, match="false everywhere"):
        paste(noisy(32, 32), np.random.default_rng(0), np.zeros((32, 32), bool))


# --- DRAEM -----------------------------------------------------------------------------------------------


def test_opacity_is_drawn_from_a_tenth_to_one_and_is_the_same_all_over() -> None:
    photo, white = np.zeros((64, 64, 3), np.uint8), np.full((64, 64, 3), 255, np.uint8)
    levels = []
    for seed in range(200):
        image, mask = perlin_anomaly(photo, white, np.random.default_rng(seed))
        assert len(np.unique(image[mask])) == 1
        levels.append(int(image[mask][0, 0]))
    assert 25 <= min(levels) < 40
    assert 240 < max(levels) <= 255


def test_the_texture_s_own_pixels_are_blended_in_place() -> None:
    photo, texture = np.full((64, 64, 3), 100, np.uint8), noisy(64, 64)
    image, mask = perlin_anomaly(photo + np.uint8([0, 0, 1]), texture, np.random.default_rng(1))
    old, new, seen = (each[mask][:, :2].astype(float) for each in (photo, texture, image))
    opacity = ((seen - old) * (new - old)).sum() / ((new - old) ** 2).sum()
    assert 0.1 <= opacity <= 1
    np.testing.assert_allclose(seen, old + opacity * (new - old), atol=1)


@pytest.mark.parametrize("side", [8, 40, 500])
def test_textures_of_any_size_cover_the_photo(side: int) -> None:
    photo = np.zeros((60, 100, 3), np.uint8)
    image, mask = perlin_anomaly(photo, np.full((side, side, 3), 255, np.uint8), np.random.default_rng(2))
    assert (image[mask] > 0).all()


def test_an_empty_mask_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([np.zeros((32, 32), bool), np.zeros((32, 32), bool), disc(32, 5, 10, 10)])
    monkeypatch.setattr(pasting, "perlin_mask", lambda size, rng: next(drawn))
    _, mask = perlin_anomaly(noisy(32, 32), noisy(32, 32, 1), np.random.default_rng(0))
    np.testing.assert_array_equal(mask, disc(32, 5, 10, 10))


# --- CutPaste --------------------------------------------------------------------------------------------


def bounds(mask: np.ndarray) -> tuple[int, int]:
    """Height and width of the rectangle around the mask."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def test_patches_are_rectangles_of_the_paper_s_areas_and_aspect_ratios() -> None:
    photo = noisy(256, 256)
    areas, aspects = [], []
    for seed in range(200):
        _, mask = cut_paste(photo, np.random.default_rng(seed))
        height, width = bounds(mask)
        assert mask.sum() == height * width
        areas.append(mask.mean())
        aspects.append(width / height)
    assert 0.019 < min(areas) < 0.03
    assert 0.13 < max(areas) < 0.152
    assert 0.29 < min(aspects) < 0.4
    assert 2.7 < max(aspects) < 3.4
    assert 0.35 < np.mean(np.array(aspects) < 1) < 0.65


def test_patches_of_a_box_are_sized_by_the_box() -> None:
    inside = np.zeros((256, 256), bool)
    inside[100:180, 40:140] = True
    masks = [cut_paste(noisy(256, 256), np.random.default_rng(seed), inside)[1] for seed in range(60)]
    areas = [mask.sum() / inside.sum() for mask in masks]
    assert 0.015 < min(areas) < max(areas) < 0.16


@pytest.mark.parametrize("size", [(20, 800), (800, 20)])
def test_patches_on_a_long_photo_keep_their_area(size: tuple[int, int]) -> None:
    areas = [cut_paste(noisy(*size), np.random.default_rng(seed))[1].mean() for seed in range(80)]
    assert 0.015 < min(areas) < 0.03
    assert 0.13 < max(areas) < 0.16


@pytest.mark.parametrize("paste", [cut_paste, cut_paste_scar])
def test_patches_come_from_the_photo_with_their_colours_jittered(paste: Paste) -> None:
    photo = np.full((64, 64, 3), (150, 100, 60), np.uint8)
    moved = []
    for seed in range(30):
        image, mask = paste(photo, np.random.default_rng(seed), None)
        assert (image[mask] == image[mask][0]).all()
        moved.append(np.abs(image[mask][0].astype(int) - photo[0, 0]).max())
    assert max(moved) > 10
    assert max(moved) < 60


def test_a_patch_is_a_copy_of_another_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pasting, "jitter", lambda rng, patch: patch)
    photo = noisy(64, 64)
    image, mask = cut_paste(photo, np.random.default_rng(4))
    height, width = bounds(mask)
    patch = image[mask].reshape(height, width, 3)
    places = np.lib.stride_tricks.sliding_window_view(photo, (height, width, 3))[:, :, 0]
    assert (places == patch).all(axis=(2, 3, 4)).sum() == 1


@pytest.mark.parametrize(("angle_deg", "turns"), [(0, 0), (90, -1), (-90, 1)])
def test_a_scar_s_pixels_are_turned_with_it(angle_deg: int, turns: int) -> None:
    patch = noisy(9, 5)
    turned, shape = pasting._turned(patch, angle_deg)
    rows, columns = np.flatnonzero(shape.any(axis=1)), np.flatnonzero(shape.any(axis=0))
    seen = turned[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    np.testing.assert_array_equal(seen, np.rot90(patch, turns))


@pytest.mark.parametrize("size", [(256, 1024), (1024, 256)])
def test_scars_follow_the_short_side_of_a_long_photo(size: tuple[int, int]) -> None:
    photo = noisy(*size)
    areas = [cut_paste_scar(photo, np.random.default_rng(seed))[1].sum() for seed in range(60)]
    assert max(areas) <= 1.1 * 16 * 25


@pytest.mark.parametrize("scale", [1, 3])
def test_scars_are_thin_turned_rectangles_in_proportion_to_the_photo(scale: int) -> None:
    photo = noisy(256 * scale, 256 * scale)
    widths, lengths, angles = [], [], []
    for seed in range(150):
        _, mask = cut_paste_scar(photo, np.random.default_rng(seed))
        _, sides, _ = cv2.minAreaRect(np.argwhere(mask)[:, ::-1].astype(np.float32))
        short, long = sorted(side + 1 for side in sides)
        assert mask.sum() == pytest.approx(short * long, rel=0.4 if scale == 1 else 0.2)
        widths.append(short / scale)
        lengths.append(long / scale)
        if long > 2 * short:
            ys, xs = np.nonzero(mask)
            axis = np.linalg.eigh(np.cov(xs, ys))[1][:, 1]
            angles.append(math.degrees(math.atan2(abs(axis[0]), abs(axis[1]))))
    assert 1.5 < min(widths) < 4
    assert 13 < max(widths) < 17.5
    assert 9 < min(lengths) < 12.5
    assert 23 < max(lengths) < 26.5
    assert max(angles) < 48
    assert max(angles) - min(angles) > 30
