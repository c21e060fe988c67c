"""Can a small classifier tell generated anomalies from real ones? Logistic regression, cross-validated. Numpy only."""

from collections.abc import Iterator

import numpy as np

_FOLDS, _ROUNDS = 5, 6
_PENALTY = 0.002  # of |w|²/2, beside the mean loss
_NEWTON_STEPS = 12


def tell_apart(real: np.ndarray, generated: np.ndarray, seed: int = 0) -> float:
    """Area under the ROC curve of a classifier on vectors that it was not trained on: 0.5 guesses, 1 always knows.

    The mean over five folds (fewer for the smallest sets), drawn six times.

    Args:
        real, generated: (N, D) and (M, D) float64.
    Raises:
        ValueError: a set of fewer than two vectors.
    """
    if min(len(real), len(generated)) < 2:
        raise ValueError("two vectors of each kind are needed")
    vectors = np.concatenate([real, generated])
    labels = np.repeat([0, 1], [len(real), len(generated)])
    values = []
    for held_out in _folds(labels, np.random.default_rng(seed)):
        scores = _scores(vectors[~held_out], labels[~held_out], vectors[held_out])
        values.append(area_under_curve(scores[labels[held_out] == 1], scores[labels[held_out] == 0]))
    return float(np.mean(values))


def area_under_curve(positive: np.ndarray, negative: np.ndarray) -> float:
    """The probability that a positive's score is above a negative's; equal ones count half."""
    merged = np.concatenate([positive, negative])
    _, places, counts = np.unique(merged, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    above = ranks[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2
    return float(above / (len(positive) * len(negative)))


def _folds(labels: np.ndarray, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Which vectors are held out, (N,) bool, in each fold of each round; both kinds in every fold."""
    count = min(_FOLDS, int(np.bincount(labels).min()))
    for _ in range(_ROUNDS):
        folds = np.empty(len(labels), int)
        for kind in (0, 1):
            members = rng.permutation(np.flatnonzero(labels == kind))
            folds[members] = np.arange(len(members)) % count
        for fold in range(count):
            yield folds == fold


def _scores(vectors: np.ndarray, labels: np.ndarray, held_out: np.ndarray) -> np.ndarray:
    """Train on `vectors`, (N, D), and score `held_out`, (M, D): the higher the more likely of label 1."""
    mean, spread = vectors.mean(0), vectors.std(0) + 1e-6
    scale = spread * np.sqrt(vectors.shape[1])
    trained, asked = (vectors - mean) / scale, (held_out - mean) / scale
    # the best weights lie in the span of the vectors: N numbers are enough, and D may be large
    _, _, basis = np.linalg.svd(trained, full_matrices=False)
    weights = _fit(_with_constant(trained @ basis.T), labels)
    return np.asarray(_with_constant(asked @ basis.T) @ weights)


def _with_constant(inputs: np.ndarray) -> np.ndarray:
    return np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1)


def _fit(inputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Newton's method on the logistic loss, both kinds weighing the same; the constant is not held back."""
    shares = np.bincount(labels) * 2
    importance = 1 / shares[labels]
    penalty = np.full(inputs.shape[1], _PENALTY)
    penalty[-1] = 1e-6
    weights = np.zeros(inputs.shape[1])
    for _ in range(_NEWTON_STEPS):
        probability = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        gradient = inputs.T @ (importance * (probability - labels)) + penalty * weights
        curvature = importance * probability * (1 - probability) + 1e-9
        hessian = (inputs * curvature[:, None]).T @ inputs + np.diag(penalty)
        weights = weights - np.linalg.solve(hessian, gradient)
    return weights
