"""How far metrics can be off at most for having been counted in bins."""

from collections.abc import Sequence

import numpy as np

from engine.detection.metrics import PhotoSummary


def auroc_error(normal: np.ndarray, anomalous: np.ndarray) -> float:
    """Half of the pairs that share a bin: counts per bin (K,), both with some → how far `auroc` can be off."""
    return float(0.5 * (normal * anomalous).sum() / (normal.sum() * anomalous.sum()))


def average_precision_error(normal: np.ndarray, anomalous: np.ndarray) -> float:
    """How far `average_precision` can be off, in whatever order the items of a bin really are.

    The precision at an anomalous item of bin k lies between (A + 1) / (A + 1 + N + n_k) and
    (A + a_k) / (A + a_k + N), where A and N are what lies in the bins above. So does the binned one.
    """
    found, alarms = np.cumsum(anomalous[::-1])[::-1], np.cumsum(normal[::-1])[::-1]
    least = found - anomalous + 1
    lowest, highest = least / (least + alarms), found / np.maximum(found + alarms - normal, 1e-12)
    return float((anomalous * (highest - lowest)).sum() / anomalous.sum())


def pixel_errors(photos: Sequence[PhotoSummary]) -> dict[str, float]:
    """Of the pixel metrics of these photos.

    Values that are really equal share a bin as well, so the bound is loose for a map that is 0 or 1 all over.
    """
    normal = np.sum([photo.normal for photo in photos], 0, dtype=np.float64)
    anomalous = np.sum([photo.anomalous for photo in photos], 0, dtype=np.float64)
    return {
        "pixel_auroc": auroc_error(normal, anomalous),
        "pixel_ap": average_precision_error(normal, anomalous),
    }
