"""Areas under curves from counts per score, for any number of resamples at once.

Notation:
    n_k, a_k   normal and anomalous items (pixels or photos) whose score is in bin k; bins in rising order, (…, K)
    FPR_k      Σ_{j≥k} n_j / Σ n, the share of normal ones that a threshold at bin k calls anomalous
    TPR_k      Σ_{j≥k} a_j / Σ a

Where each distinct score has a bin of its own, everything here is exact; all items of one bin count as ties.
"""

import numpy as np


def auroc(normal: np.ndarray, anomalous: np.ndarray) -> np.ndarray:
    """P(score of an anomalous item > of a normal one) + ½ P(equal): (…, K) → (…). NaN where either is none."""
    below = np.cumsum(normal, -1) - normal
    wins = (anomalous * (below + 0.5 * normal)).sum(-1)
    return _share(wins, normal.sum(-1) * anomalous.sum(-1))


def average_precision(normal: np.ndarray, anomalous: np.ndarray) -> np.ndarray:
    """Step-wise AP, Σ_k (TPR_k − TPR_{k+1}) · precision_k: (…, K) → (…). NaN where nothing is anomalous."""
    found, alarms = _from_above(anomalous), _from_above(normal)
    precision = found / np.maximum(found + alarms, 1e-12)
    return _share((anomalous * precision).sum(-1), anomalous.sum(-1))


def best_f1(normal: np.ndarray, anomalous: np.ndarray) -> np.ndarray:
    """The largest F1 = 2 TP / (2 TP + FP + FN) of all thresholds: (…, K) → (…). NaN where nothing is anomalous."""
    found, alarms = _from_above(anomalous), _from_above(normal)
    total = anomalous.sum(-1, keepdims=True)
    f1 = 2 * found / np.maximum(found + alarms + total, 1e-12)
    return np.where(total[..., 0] > 0, f1.max(-1, initial=0), np.nan)


def aupro(normal: np.ndarray, overlap: np.ndarray, regions: np.ndarray, fpr_limit: float = 0.3) -> np.ndarray:
    """Area under the per-region overlap up to a false positive rate (Bergmann et al. 2020), as a share of all of it.

    PRO_k is the mean over regions of the share of a region that a threshold at bin k finds; between thresholds it
    is a straight line over FPR, also up to the limit.

    Args:
        normal: n_k over pixels outside of all regions, (…, K).
        overlap: (…, K), Σ over regions of the share of their pixels that is in bin k.
        regions: how many there are, (…).
    Returns:
        (…) in [0, 1]; NaN where there is no region or no normal pixel.
    """
    fpr = _with_origin(_share(_from_above(normal), normal.sum(-1, keepdims=True)))
    pro = _with_origin(_share(_from_above(overlap), np.asarray(regions)[..., None]))
    left, right = np.minimum(fpr[..., :-1], fpr_limit), np.minimum(fpr[..., 1:], fpr_limit)
    rise = _share(np.diff(pro, axis=-1), np.diff(fpr, axis=-1), otherwise=0.0)
    at_right = pro[..., :-1] + rise * (right - left)  # the height where the limit cuts the line
    return (0.5 * (pro[..., :-1] + at_right) * (right - left)).sum(-1) / fpr_limit


def _from_above(counts: np.ndarray) -> np.ndarray:
    """Σ_{j≥k}, (…, K)."""
    return np.cumsum(counts[..., ::-1], -1)[..., ::-1]


def _with_origin(rates: np.ndarray) -> np.ndarray:
    """Rates by falling threshold, from 0, which a threshold above all scores has: (…, K) → (…, K + 1)."""
    return np.concatenate([np.zeros((*rates.shape[:-1], 1)), rates[..., ::-1]], -1)


def _share(part: np.ndarray, whole: np.ndarray, otherwise: float = np.nan) -> np.ndarray:
    """part / whole; `otherwise` where the whole is 0."""
    whole = np.asarray(whole, np.float64)
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), otherwise)
