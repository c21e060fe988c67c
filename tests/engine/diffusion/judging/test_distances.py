"""Distances between sets of vectors, against numbers worked out by hand and slow sums over pairs."""

import itertools

import numpy as np
import pytest

from engine.diffusion.judging.distances import frechet_distance, kernel_distance, nearest_distances


def normal(seed: int, count: int, width: int = 6, mean: float = 0.0, spread: float = 1.0) -> np.ndarray:
    return mean + spread * np.random.default_rng(seed).normal(size=(count, width))


def pairwise_mmd(first: np.ndarray, second: np.ndarray) -> float:
    """The definition, pair by pair."""

    def kernel(x: np.ndarray, y: np.ndarray) -> float:
        return float((x @ y / len(x) + 1) ** 3)

    within = [
        np.mean([kernel(a, b) for a, b in itertools.permutations(vectors, 2)]) for vectors in (first, second)
    ]
    across = np.mean([kernel(a, b) for a, b in itertools.product(first, second)])
    return float(sum(within) - 2 * across)


def test_the_kernel_distance_by_hand() -> None:
    ones, twos = np.ones((3, 1)), np.full((3, 1), 2.0)
    # (1·1 + 1)³ + (2·2 + 1)³ − 2 (1·2 + 1)³ = 8 + 125 − 54
    distance = kernel_distance(ones, twos)
    assert distance.value == pytest.approx(79)
    assert distance.deviation == pytest.approx(0, abs=1e-9)


def test_the_kernel_distance_is_its_definition() -> None:
    first, second = normal(0, 7), normal(1, 5, mean=0.4)
    assert kernel_distance(first, second).value == pytest.approx(pairwise_mmd(first, second))


def test_the_standard_error_is_the_jackknifes() -> None:
    first, second = normal(0, 6), normal(1, 4, mean=0.4)
    variance = 0.0
    for vectors, of in ((first, 0), (second, 1)):
        without = []
        for index in range(len(vectors)):
            pair = [first, second]
            pair[of] = np.delete(vectors, index, axis=0)
            without.append(pairwise_mmd(*pair))
        variance += (len(vectors) - 1) * np.var(without)
    assert kernel_distance(first, second).deviation == pytest.approx(np.sqrt(variance))


def test_sets_of_one_distribution_are_no_distance_apart() -> None:
    values = [kernel_distance(normal(2 * s, 40), normal(2 * s + 1, 30)).value for s in range(60)]
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(60)
    assert kernel_distance(normal(0, 40), normal(1, 30, mean=1)).value > 5 * np.std(values)


def test_the_standard_error_is_how_much_the_distance_varies() -> None:
    distances = [kernel_distance(normal(2 * s, 40), normal(2 * s + 1, 30, mean=1)) for s in range(60)]
    spread = np.std([distance.value for distance in distances])
    assert np.mean([distance.deviation for distance in distances]) == pytest.approx(spread, rel=0.3)


def test_too_few_vectors_for_a_kernel_distance() -> None:
    with pytest.raises(ValueError, match="too small"):
        kernel_distance(normal(0, 2), normal(1, 9))


def test_the_frechet_distance_of_normal_distributions() -> None:
    first = normal(0, 200_000, width=2) @ np.diag([1.0, 3.0])
    second = normal(1, 200_000, width=2) @ np.diag([2.0, 3.0]) + [1.0, -2.0]
    # independent axes: Σ (μ₁ − μ₂)² + (σ₁ − σ₂)²
    assert frechet_distance(first, second) == pytest.approx(1 + 4 + 1, rel=0.02)


def test_the_frechet_distance_of_correlated_ones_that_differ_by_a_turn() -> None:
    first = normal(0, 200_000, width=2) @ np.diag([1.0, 3.0])
    second = first[:, ::-1]
    # Σ₁ Σ₂ = diag(9, 9): tr(Σ₁ + Σ₂) − 2 tr √ = 20 − 12
    assert frechet_distance(first, second) == pytest.approx(8, rel=0.02)


def test_a_set_is_no_frechet_distance_from_itself() -> None:
    few = normal(0, 10, width=30)
    assert frechet_distance(few, few) == pytest.approx(0, abs=1e-6)


def test_the_nearest_by_cosine() -> None:
    vectors = np.array([[2.0, 0.0], [1.0, 1.0], [-1.0, 0.0]])
    others = np.array([[5.0, 0.0], [0.0, 0.1]])
    assert nearest_distances(vectors, others) == pytest.approx([0, 1 - np.sqrt(0.5), 1])
