"""How well a detector finds real anomalies: the metrics of the paper, from one small summary a photo.

A photo's pixels are counted in bins of their value as soon as its map is there, so that memory does not grow with
pixels, and any resample of photos is a weighted sum of summaries.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from engine.detection import curves

METRICS = ("image_auroc", "image_ap", "image_f1", "pixel_auroc", "pixel_ap", "pixel_f1", "aupro")
"""All in [0, 1], the larger the better. The five of the paper, and F1 at its best threshold."""

_FRACTION_BITS = 7  # of a float32 that are kept: a bin is at most 1/128 of its distance to 0 or 1 wide
_SMALLEST = np.float32(2.0**-33)  # whatever is closer to 0 or 1 is in the first or last bin
_HALF = 32 << _FRACTION_BITS  # the bin of ½, 32 powers of 2 above the smallest
BINS = 2 * _HALF + 1


@dataclass(frozen=True)
class PhotoSummary:
    """What the metrics need to know of a test photo.

    Attributes:
        name: of the photo, by which two detectors are compared.
        is_bad: it shows an anomaly.   score: the image score, any number, not only in [0, 1].
        normal, anomalous: pixels per bin of their map's value, (BINS,) int32; both 0 if there is no ground truth.
        overlap: (BINS,) float32, Σ over regions of the share of their pixels in a bin.   regions: how many.
    """

    name: str
    is_bad: bool
    score: float
    normal: np.ndarray
    anomalous: np.ndarray
    overlap: np.ndarray
    regions: int


def summarise(
    name: str, is_bad: bool, score: float, anomaly_map: np.ndarray, truth: np.ndarray | None
) -> PhotoSummary:
    """Count a photo's pixels.

    Args:
        anomaly_map: (H, W) in [0, 1].
        truth: (H, W) bool, the anomalous pixels; None for a good photo, or if a bad one has no mask. Pixels of a bad
            photo without any, also because its mask vanished at this size, are not counted.
    """
    bins = bin_of(anomaly_map)
    if truth is None:
        truth = np.zeros(bins.shape, bool)
    is_counted = bool(truth.any()) or not is_bad
    normal = np.bincount(bins[~truth], minlength=BINS) * is_counted
    overlap = np.zeros(BINS)
    regions, labels = cv2.connectedComponents(truth.astype(np.uint8), connectivity=8)
    for region in range(1, regions):
        inside = bins[labels == region]
        overlap += np.bincount(inside, minlength=BINS) / len(inside)
    anomalous = np.bincount(bins[truth], minlength=BINS)
    return PhotoSummary(
        name=name,
        is_bad=is_bad,
        score=float(score),
        normal=normal.astype(np.int32),
        anomalous=anomalous.astype(np.int32),
        overlap=overlap.astype(np.float32),
        regions=regions - 1,
    )


def bin_of(anomaly_map: np.ndarray) -> np.ndarray:
    """The bin of values in [0, 1], in rising order: (…) → (…) int64 in [0, BINS).

    Sure detectors give values close to 0 and to 1, so bins are narrow there: p below ½, and 1 − p above, as floats
    with a short fraction.
    """
    values = np.clip(np.asarray(anomaly_map, np.float32), 0, 1)
    distance = np.maximum(np.minimum(values, 1 - values), _SMALLEST)
    fine = (distance.view(np.uint32) - _SMALLEST.view(np.uint32)) >> (23 - _FRACTION_BITS)
    return np.where(values <= 0.5, fine.astype(np.int64), 2 * _HALF - fine.astype(np.int64))


def ground_truth(mask: np.ndarray, height: int, width: int) -> np.ndarray:
    """A mask at the size of the map: area-averaged, anomalous from ½ on; (h, w) 0 or not → (height, width) bool."""
    share = (np.asarray(mask) > 0).astype(np.float32)
    return cv2.resize(share, (width, height), interpolation=cv2.INTER_AREA) >= 0.5


class Pool:
    """The summaries of all test photos as matrices, a row a photo.

    Args:
        photos: at least one.
    """

    def __init__(self, photos: Sequence[PhotoSummary]) -> None:
        self.is_bad = np.array([photo.is_bad for photo in photos])
        _, places = np.unique([photo.score for photo in photos], return_inverse=True)
        self._at_score = np.eye(int(places.max()) + 1)[places]  # (N, distinct scores)
        stacked = [
            np.stack([getattr(p, part) for p in photos]) for part in ("normal", "anomalous", "overlap")
        ]
        used = stacked[0].any(0) | stacked[1].any(0)
        self._normal, self._anomalous, self._overlap = (part[:, used].astype(np.float64) for part in stacked)
        self._regions = np.array([photo.regions for photo in photos], np.float64)

    def measure(self, weights: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """Every metric of the photos, each counted as often as it is weighed: (R, N) → (R,) each.

        Pixels of all photos are pooled. NaN where a metric has nothing to compare. Without weights, R = 1.
        """
        weights = np.ones((1, len(self.is_bad))) if weights is None else np.asarray(weights, np.float64)
        good, bad = (weights * ~self.is_bad) @ self._at_score, (weights * self.is_bad) @ self._at_score
        normal, anomalous = weights @ self._normal, weights @ self._anomalous
        return {
            "image_auroc": curves.auroc(good, bad),
            "image_ap": curves.average_precision(good, bad),
            "image_f1": curves.best_f1(good, bad),
            "pixel_auroc": curves.auroc(normal, anomalous),
            "pixel_ap": curves.average_precision(normal, anomalous),
            "pixel_f1": curves.best_f1(normal, anomalous),
            "aupro": curves.aupro(normal, weights @ self._overlap, weights @ self._regions),
        }
