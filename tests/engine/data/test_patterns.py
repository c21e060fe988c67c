import numpy as np
import pytest

from engine.data.patterns import (
    PATTERNS,
    Pattern,
    draw_pattern,
    fractal_noise,
    log_uniform,
    stretched,
    turned_plane,
)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.__name__)
@pytest.mark.parametrize("size", [16, 96])
def test_every_pattern_is_a_pattern(pattern: Pattern, size: int) -> None:
    for seed in range(12):
        rng = np.random.default_rng(seed)
        values = pattern(rng, *turned_plane(rng, size))
        assert values.shape == (size, size)
        assert np.isfinite(values).all()
        if size > 16:  # a whole picture may fall between two lines on the smallest
            assert stretched(values).std() > 0.02


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.__name__)
def test_every_pattern_differs_from_seed_to_seed(pattern: Pattern) -> None:
    def drawn(seed: int) -> np.ndarray:
        rng = np.random.default_rng(seed)
        return stretched(pattern(rng, *turned_plane(rng, 48)))

    np.testing.assert_array_equal(drawn(1), drawn(1))
    assert np.abs(drawn(1) - drawn(2)).mean() > 0.01


def test_drawn_patterns_fill_0_to_1() -> None:
    for seed in range(20):
        drawn = draw_pattern(np.random.default_rng(seed), 64)
        assert drawn.dtype == np.float32
        assert (drawn.min(), drawn.max()) == (0, pytest.approx(1, abs=1e-6))


def test_the_plane_is_turned_but_keeps_its_size() -> None:
    x, y = turned_plane(np.random.default_rng(0), 64)
    assert np.hypot(x, y).max() == pytest.approx(np.hypot(31.5, 31.5) / 64, rel=1e-5)
    steps = np.hypot(np.diff(x, axis=1), np.diff(y, axis=1))
    np.testing.assert_allclose(steps, 1 / 64, rtol=1e-4)


def test_what_does_not_differ_is_stretched_to_0() -> None:
    assert (stretched(np.full((4, 4), 7.0)) == 0).all()
    np.testing.assert_allclose(stretched(np.array([2.0, 3.0, 4.0])), [0, 0.5, 1])


def test_fractal_noise_has_fine_and_coarse_parts() -> None:
    noise = fractal_noise(np.random.default_rng(1), 128)
    coarse = noise.reshape(8, 16, 8, 16).mean(axis=(1, 3))
    assert coarse.std() > 0.05
    assert (noise - np.kron(coarse, np.ones((16, 16)))).std() > 0.05


def test_every_octave_is_drawn_as_often() -> None:
    rng = np.random.default_rng(0)
    drawn = np.array([log_uniform(rng, 1, 4) for _ in range(2000)])
    assert drawn.min() >= 1
    assert drawn.max() <= 4
    assert 0.45 < (drawn < 2).mean() < 0.55
