import os
from pathlib import Path

import numpy as np
import pytest

from engine.data.images import read_photo
from engine.diffusion.foreground import Foreground, find_foreground, size_of
from engine.geometry import Size

DATA = Path(os.environ.get("ANOGEN_DATA", Path(__file__).parents[4] / "shared" / "data"))
HEIGHT, WIDTH = 240, 320
INSIDE = np.hypot(*(np.indices((HEIGHT, WIDTH)) - np.array([120, 170])[:, None, None])) < 80


def disc(part: int, background: int, noise: float = 4.0) -> np.ndarray:
    """A round part in front of something, (240, 320, 3) uint8."""
    rng = np.random.default_rng(0)
    photo = np.where(INSIDE, part, background) + rng.normal(0, noise, (HEIGHT, WIDTH))
    return np.repeat(photo.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


def overlap(found: np.ndarray, expected: np.ndarray) -> float:
    """Intersection over union."""
    return float((found & expected).sum() / (found | expected).sum())


@pytest.mark.parametrize(("part", "background"), [(200, 20), (40, 230), (120, 60)])
def test_the_border_says_which_side_is_the_background(part: int, background: int) -> None:
    foreground = find_foreground(disc(part, background))
    assert foreground.scale == 1
    assert overlap(foreground.mask, INSIDE) > 0.95


def test_holes_of_the_part_belong_to_it() -> None:
    photo = disc(200, 20)
    photo[110:122, 150:162] = 20
    assert find_foreground(photo).mask[110:122, 150:162].all()


def test_specks_beside_the_part_do_not() -> None:
    photo = disc(200, 20)
    photo[20:28, 20:28] = 220
    mask = find_foreground(photo).mask
    assert not mask[15:33, 15:33].any()
    assert overlap(mask, INSIDE) > 0.95


def test_a_texture_is_all_part() -> None:
    rng = np.random.default_rng(0)
    photo = rng.normal(128, 30, (HEIGHT, WIDTH, 3)).clip(0, 255).astype(np.uint8)
    assert find_foreground(photo).mask.all()


@pytest.mark.parametrize("photo", [np.full((40, 30, 3), 90, np.uint8), disc(120, 118, noise=0)])
def test_a_photo_without_a_part_is_all_part(photo: np.ndarray) -> None:
    assert find_foreground(photo).mask.mean() in (1.0, pytest.approx(INSIDE.mean(), abs=0.03))


def test_a_surface_that_goes_on_beyond_the_photo_is_all_part() -> None:
    """Half of the border is bright, half is dark: neither is the background."""
    photo = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
    photo[:, : WIDTH // 2] = 210
    assert find_foreground(photo).mask.all()


def test_a_large_photo_is_measured_on_a_reduced_copy() -> None:
    photo = np.repeat(np.repeat(disc(200, 20), 5, axis=0), 5, axis=1)
    foreground = find_foreground(photo)
    assert max(foreground.mask.shape) == 512
    assert foreground.scale == pytest.approx(512 / 1600)
    middle, beside = np.array([[850.0, 600.0]]), np.array([[60.0, 60.0]])
    assert (foreground.share(middle), foreground.share(beside)) == (1, 0)


def test_the_smallest_photo_has_a_foreground() -> None:
    photo = np.random.default_rng(0).integers(0, 255, (16, 16, 3), dtype=np.uint8)
    assert find_foreground(photo).mask.shape == (16, 16)
    assert find_foreground(photo).mask.any()


def test_points_beside_the_photo_are_off_the_part() -> None:
    foreground = Foreground(np.ones((10, 20), bool), scale=0.5)
    points = np.array([[0, 0], [39.9, 19.9], [40, 5], [5, 20], [-0.1, 5]])
    assert foreground.share(points) == pytest.approx(2 / 5)
    assert foreground.share(np.stack([points, points[[0, 1, 0, 1, 0]]])).tolist() == [0.4, 1.0]


def test_random_points_lie_on_the_part() -> None:
    mask = np.zeros((30, 40), bool)
    mask[10:20, 5:9] = True
    points = Foreground(mask, scale=0.1).random_points(200, np.random.default_rng(0))
    assert Foreground(mask, scale=0.1).share(points) == 1
    assert points[:, 0].min() < 55
    assert points[:, 0].max() > 85


def test_the_size_of_a_photo() -> None:
    assert size_of(np.zeros((20, 30, 3), np.uint8)) == Size(30, 20)


@pytest.mark.real_photos
@pytest.mark.skipif(not DATA.exists(), reason="the real photos are not here")
def test_the_part_on_real_photos() -> None:
    """A cookie lies in the middle of its photo, and a tile fills it."""
    cookie = find_foreground(read_photo(DATA / "cookie" / "train" / "good" / "normal-1.jpg"))
    height, width = cookie.mask.shape
    assert cookie.mask[height // 2 - 20 : height // 2 + 20, width // 2 - 20 : width // 2 + 20].all()
    assert not cookie.mask[:8].any()
    assert 0.1 < cookie.mask.mean() < 0.6
    tiles = sorted((DATA / "magnetic_tile" / "train" / "good").iterdir())[:5]
    assert np.mean([find_foreground(read_photo(tile)).mask.mean() for tile in tiles]) > 0.8
