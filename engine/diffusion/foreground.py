"""Where the part is on a photo, so that boxes are placed on it and not beside it."""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from engine.geometry import Box, Size

_SIDE = 512  # of the reduced copy that everything is measured on
_CLOSING = 15  # pixels of a 256 px photo, as AnoGen closes holes of the part
_PLAUSIBLE = (0.03, 0.97)  # share of the photo that can be a part in front of something
_SEPARATED = 0.75  # of the variance lies between Otsu's classes; a normal distribution reaches 0.64
_SPECK = 0.1  # of the largest piece's area
_GRID = 9  # points a side at which a box is looked up
_ONE_CLASS = 0.8  # of the border is background, or else the surface goes on beyond the photo


@dataclass(frozen=True)
class Foreground:
    """The part on a reduced copy of the photo: `mask` (h, w) bool, `scale` = reduced / photo pixels."""

    mask: np.ndarray
    scale: float

    def share(self, points: np.ndarray) -> np.ndarray:
        """Share of the points, (…, N, 2) as x, y in photo pixels, that lie on the part: (…)."""
        x, y = (
            np.floor(points[..., 0] * self.scale).astype(int),
            np.floor(points[..., 1] * self.scale).astype(int),
        )
        height, width = self.mask.shape
        is_inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
        hit = self.mask[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)] & is_inside
        return hit.mean(axis=-1)

    @property
    def has_edge(self) -> bool:
        """Does the part end anywhere on the photo? A surface that fills it does not."""
        return not self.mask.all()

    @cached_property
    def depths(self) -> np.ndarray:
        """How far each pixel lies inside the edge of the part, (h, w) float32, relative to the photo's long side.

        0 beside the part; the photo's own border is no edge. Only where `has_edge`.
        """
        inwards = cv2.distanceTransform(self.mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        return np.asarray(inwards / np.float32(max(self.mask.shape)))

    def with_pixels(self, mask: np.ndarray) -> "Foreground":
        """The part with the pixels of a mask (H, W) bool of the photo added: with what broke off it."""
        height, width = self.mask.shape
        reduced = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_AREA)
        return replace(self, mask=self.mask | (reduced > 0))

    def random_points(
        self, count: int, rng: np.random.Generator, depth: tuple[float, float] | None = None
    ) -> np.ndarray:
        """`count` points on the part, (count, 2) as x, y in photo pixels.

        Args:
            depth: least and greatest depth of the points; ignored where the part has no edge or is nowhere so deep.
        """
        allowed = self.mask
        if depth is not None and self.has_edge:
            within = self.mask & (self.depths >= depth[0]) & (self.depths <= depth[1])
            allowed = within if within.any() else allowed
        ys, xs = np.nonzero(allowed)
        chosen = rng.integers(len(xs), size=count)
        return (np.stack([xs[chosen], ys[chosen]], axis=1) + rng.random((count, 2))) / self.scale

    def points_near(
        self, center: tuple[float, float], deviation: float, count: int, rng: np.random.Generator
    ) -> np.ndarray:
        """`count` points on the part, normally distributed about `center`, (count, 2) as x, y.

        Where the part is elsewhere they lie on what of it is nearest. All in photo pixels.
        """
        ys, xs = np.nonzero(self.mask)
        x, y = (value * self.scale for value in center)
        squared = (xs + 0.5 - x) ** 2 + (ys + 0.5 - y) ** 2
        weights = np.exp((squared.min() - squared) / (2 * (deviation * self.scale) ** 2))
        chosen = rng.choice(len(xs), size=count, p=weights / weights.sum())
        return (np.stack([xs[chosen], ys[chosen]], axis=1) + rng.random((count, 2))) / self.scale


def find_foreground(photo: np.ndarray) -> Foreground:
    """The part on a photo (H, W, 3) uint8: Otsu's threshold and a closing; the border tells the background.

    The whole photo, where a texture fills it: the classes are not apart, the border is of both, or one class
    is all.
    """
    grey, scale = _reduced(photo)
    threshold, bright = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    everything = Foreground(np.ones(grey.shape, bool), scale)
    border = np.concatenate([bright[0], bright[-1], bright[:, 0], bright[:, -1]]).mean()
    if _separation(grey, threshold) < _SEPARATED or max(border, 1 - border) < _ONE_CLASS:
        return everything
    part = bright if border < 0.5 else 1 - bright
    side = max(3, round(_CLOSING * max(grey.shape) / 256)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    mask = _without_specks(cv2.morphologyEx(part, cv2.MORPH_CLOSE, kernel))
    is_plausible = _PLAUSIBLE[0] < mask.mean() < _PLAUSIBLE[1]
    return Foreground(mask, scale) if is_plausible else everything


def points_in(box: Box) -> np.ndarray:
    """A grid of points inside the box, (81, 2) as x, y."""
    steps = (np.arange(_GRID) + 0.5) / _GRID - 0.5
    u, v = np.meshgrid(steps * box.width, steps * box.height)
    cos, sin = math.cos(math.radians(box.angle_deg)), math.sin(math.radians(box.angle_deg))
    return np.stack([box.center_x + u * cos - v * sin, box.center_y + u * sin + v * cos], axis=-1).reshape(
        -1, 2
    )


def size_of(photo: np.ndarray) -> Size:
    """Width and height of a photo (H, W, …)."""
    return Size(photo.shape[1], photo.shape[0])


def _reduced(photo: np.ndarray) -> tuple[np.ndarray, float]:
    """A grey copy with sides of at most 512 px, (h, w) uint8, and how much smaller it is."""
    scale = min(1.0, _SIDE / max(photo.shape[:2]))
    if scale < 1:
        size = (max(1, round(photo.shape[1] * scale)), max(1, round(photo.shape[0] * scale)))
        photo = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    return cv2.medianBlur(cv2.cvtColor(np.ascontiguousarray(photo), cv2.COLOR_RGB2GRAY), 5), scale


def _without_specks(mask: np.ndarray) -> np.ndarray:
    """(h, w) 0 or 1 → bool, without the pieces that are far smaller than the largest, such as dust."""
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(mask)
    areas = statistics[1:, cv2.CC_STAT_AREA]
    if not len(areas):
        return mask.astype(bool)
    kept = np.concatenate([[False], areas >= _SPECK * areas.max()])
    return kept[labels]


def _separation(grey: np.ndarray, threshold: float) -> float:
    """Variance between the classes below and above the threshold, as a share of the whole variance."""
    values = grey.astype(np.float32)
    low, high = values[values <= threshold], values[values > threshold]
    if not len(low) or not len(high):
        return 0.0
    share = len(low) / values.size
    return float(share * (1 - share) * (low.mean() - high.mean()) ** 2 / max(values.var(), 1e-6))
