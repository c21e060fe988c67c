"""The small classifier: what it can tell apart, and what it cannot."""

import itertools

import numpy as np
import pytest

from engine.diffusion.judging.telling_apart import area_under_curve, tell_apart


@pytest.mark.parametrize("seed", range(5))
def test_the_area_is_the_share_of_pairs_in_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    positive, negative = rng.integers(0, 6, 9).astype(float), rng.integers(0, 5, 7).astype(float)
    pairs = [(p > n) + (p == n) / 2 for p, n in itertools.product(positive, negative)]
    assert area_under_curve(positive, negative) == pytest.approx(np.mean(pairs))


def vectors(seed: int, count: int, mean: float = 0.0, width: int = 100) -> np.ndarray:
    """Noise that differs in one number of many."""
    drawn = np.random.default_rng(seed).normal(size=(count, width))
    drawn[:, 3] += mean
    return drawn


def test_what_is_far_apart_is_told() -> None:
    far = np.random.default_rng(0).normal(size=(16, 100)) + 1
    assert tell_apart(vectors(1, 30), far) > 0.98


def test_more_difference_is_more_often_told() -> None:
    areas = [tell_apart(vectors(1, 60, width=10), vectors(2, 60, mean, 10)) for mean in (0.0, 1.0, 3.0)]
    assert areas == sorted(areas)
    assert areas[-1] > 0.9


def test_what_is_alike_is_guessed() -> None:
    areas = [tell_apart(vectors(2 * seed, 24), vectors(2 * seed + 1, 16)) for seed in range(12)]
    assert np.mean(areas) == pytest.approx(0.5, abs=0.07)


def test_a_constant_number_does_no_harm() -> None:
    first, second = vectors(0, 10), vectors(1, 10, mean=50.0)
    first[:, 0] = second[:, 0] = 7
    assert tell_apart(first, second) > 0.6


def test_the_same_seed_gives_the_same_area() -> None:
    first, second = vectors(0, 9), vectors(1, 12, mean=1)
    assert tell_apart(first, second, seed=3) == tell_apart(first, second, seed=3)


def test_two_of_each_kind_are_enough_and_needed() -> None:
    assert 0 <= tell_apart(vectors(0, 2), vectors(1, 3)) <= 1
    with pytest.raises(ValueError, match="two vectors"):
        tell_apart(vectors(0, 1), vectors(1, 3))
