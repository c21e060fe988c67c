"""How far apart two sets of feature vectors are. Numpy only; vectors are (N, D) float64."""

from dataclasses import dataclass

import numpy as np

_FEWEST = 3  # vectors of each set, for a jackknife


@dataclass(frozen=True)
class Distance:
    """An estimate and its standard error."""

    value: float
    deviation: float


def kernel_distance(first: np.ndarray, second: np.ndarray) -> Distance:
    """Squared maximum mean discrepancy, unbiased, with the kernel (x·y / D + 1)³   (KID, Bińkowski et al. 2018).

    0 on average where both sets come from one distribution, so that it may be negative; the standard error is the
    jackknife's, over the vectors of both sets.

    Raises:
        ValueError: a set of fewer than three vectors.
    """
    m, n = len(first), len(second)
    if min(m, n) < _FEWEST:
        raise ValueError(f"sets of {m} and {n} vectors are too small: {_FEWEST} are needed")
    within_first, within_second = _row_sums(first), _row_sums(second)
    across = _kernel(first, second)
    value = _discrepancy(within_first.sum(), within_second.sum(), across.sum(), m, n)
    without_first = _discrepancy(
        within_first.sum() - 2 * within_first, within_second.sum(), across.sum() - across.sum(1), m - 1, n
    )
    without_second = _discrepancy(
        within_first.sum(), within_second.sum() - 2 * within_second, across.sum() - across.sum(0), m, n - 1
    )
    variance = (m - 1) * np.var(without_first) + (n - 1) * np.var(without_second)
    return Distance(float(value), float(np.sqrt(variance)))


def frechet_distance(first: np.ndarray, second: np.ndarray) -> float:
    """|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½): between the normal distributions that fit both sets (FID, 2017).

    Small sets are overestimated: only values of sets of the same sizes can be compared.
    """
    means = first.mean(0), second.mean(0)
    covariances = [np.atleast_2d(np.cov(vectors, rowvar=False)) for vectors in (first, second)]
    root = _root(covariances[0])
    # the eigenvalues of Σ₁ Σ₂ are those of Σ₁^½ Σ₂ Σ₁^½, which is symmetric
    mixed = np.linalg.eigvalsh(root @ covariances[1] @ root).clip(0)
    traces = np.trace(covariances[0]) + np.trace(covariances[1]) - 2 * np.sqrt(mixed).sum()
    return float(((means[0] - means[1]) ** 2).sum() + traces)


def nearest_distances(vectors: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Cosine distance, 0 to 2, of each vector to the nearest of the others: (N,)."""
    return np.asarray((1 - _unit(vectors) @ _unit(others).T).min(1))


def _discrepancy(
    within_first: np.ndarray, within_second: np.ndarray, across: np.ndarray, m: int, n: int
) -> np.ndarray:
    """MMD² from sums of the kernel over the pairs of different vectors within, and over all pairs across."""
    return np.asarray(
        within_first / (m * (m - 1)) + within_second / (n * (n - 1)) - 2 * across / (m * n), dtype=np.float64
    )


def _row_sums(vectors: np.ndarray) -> np.ndarray:
    """Of the kernel of each vector with the others, without itself: (N,)."""
    kernel = _kernel(vectors, vectors)
    return np.asarray(kernel.sum(1) - np.diag(kernel))


def _kernel(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.asarray((first @ second.T / first.shape[1] + 1) ** 3)


def _root(matrix: np.ndarray) -> np.ndarray:
    """The square root of a symmetric matrix without negative eigenvalues."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(values.clip(0))) @ vectors.T)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-12)
