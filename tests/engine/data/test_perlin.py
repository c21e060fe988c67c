import itertools
import math

import numpy as np
import pytest

from engine.data.perlin import perlin_mask, perlin_noise


def noise_at(x: float, y: float, angle: np.ndarray) -> float:
    """Perlin's noise at one place, as he wrote it: four corners, three interpolations."""
    i, j = int(y), int(x)
    v, u = y - i, x - j
    corners = [
        math.cos(angle[i + di, j + dj]) * (u - dj) + math.sin(angle[i + di, j + dj]) * (v - di)
        for di, dj in itertools.product((0, 1), (0, 1))
    ]
    fade_u, fade_v = (6 * t**5 - 15 * t**4 + 10 * t**3 for t in (u, v))
    top = corners[0] + fade_u * (corners[1] - corners[0])
    bottom = corners[2] + fade_u * (corners[3] - corners[2])
    return math.sqrt(2) * (top + fade_v * (bottom - top))


# --- noise -----------------------------------------------------------------------------------------------


def test_noise_is_what_perlin_s_own_steps_give() -> None:
    noise = perlin_noise((24, 40), (3, 4), np.random.default_rng(5))
    angle = np.random.default_rng(5).uniform(0, 2 * math.pi, (4, 5))
    expected = [[noise_at(column * 4 / 40, row * 3 / 24, angle) for column in range(40)] for row in range(24)]
    np.testing.assert_allclose(noise, expected, atol=1e-5)


def test_noise_is_zero_at_the_lattice_s_points_and_not_between() -> None:
    noise = perlin_noise((64, 96), (8, 4), np.random.default_rng(0))
    assert noise.shape == (64, 96)
    assert noise.dtype == np.float32
    assert (noise[::8, ::24] == 0).all()
    assert np.abs(noise[4::8, 12::24]).min() > 0


def test_noise_fills_its_range_and_stays_in_it() -> None:
    many = [perlin_noise((64, 64), (4, 4), np.random.default_rng(seed)) for seed in range(200)]
    assert 0.85 < max(noise.max() for noise in many) <= 1
    assert -0.85 > min(noise.min() for noise in many) >= -1
    assert abs(np.mean(many)) < 0.01


def test_noise_has_no_jumps() -> None:
    noise = perlin_noise((256, 256), (4, 4), np.random.default_rng(1))
    assert max(np.abs(np.diff(noise, axis=axis)).max() for axis in (0, 1)) < 0.06


def test_cells_that_do_not_divide_the_size_are_spread_over_it() -> None:
    noise = perlin_noise((50, 50), (7, 7), np.random.default_rng(2))
    assert noise[0, 0] == 0
    assert np.abs(noise[-5:]).max() > 0.05


@pytest.mark.parametrize(("size", "cells"), [((0, 8), (1, 1)), ((8, 8), (0, 1))])
def test_no_pixels_or_no_cells_are_refused(size: tuple[int, int], cells: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="have to be 1 or more"):
        perlin_noise(size, cells, np.random.default_rng(0))


# --- masks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(256, 256), (40, 200), (200, 40), (1, 17)])
def test_a_mask_has_the_photo_s_shape_and_follows_from_the_seed(size: tuple[int, int]) -> None:
    first, again = (perlin_mask(size, np.random.default_rng(3)) for _ in range(2))
    assert first.shape == size
    assert first.dtype == bool
    np.testing.assert_array_equal(first, again)


def test_masks_cover_a_twentieth_of_the_photo_in_one_spot_or_in_many() -> None:
    rng = np.random.default_rng(4)
    masks = [perlin_mask((128, 128), rng) for _ in range(300)]
    assert 0.03 < np.mean(masks) < 0.08
    edges = [np.count_nonzero(np.diff(mask.astype(np.int8), axis=1)) for mask in masks if mask.any()]
    assert min(edges) < 60
    assert max(edges) > 600


def test_masks_reach_the_corners_as_often_as_the_middle() -> None:
    rng = np.random.default_rng(5)
    often = np.mean([perlin_mask((64, 64), rng) for _ in range(1500)], axis=0)
    corners = np.mean([often[:12, :12], often[:12, -12:], often[-12:, :12], often[-12:, -12:]])
    assert corners > 0.6 * often[20:44, 20:44].mean()


def test_masks_on_a_long_photo_are_cut_from_those_of_a_square() -> None:
    square, long = (perlin_mask(size, np.random.default_rng(6)) for size in ((100, 100), (100, 40)))
    assert (square[:, 30:70] == long).mean() > 0.999
