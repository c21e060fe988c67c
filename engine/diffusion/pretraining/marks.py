"""The geometry of defects: places, wandering paths, strokes, ribbons and blobs.

Coordinates are px from the picture's top left corner; paths are (N, 2) arrays of x, y.
"""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from engine.diffusion.pretraining.colours import draw_colour
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.noise import Rng, field, random_angle, turned

SUBPIXEL_BITS = 4
_FINER = 4
FINEST_PX = 2.5
"""Of the straight pieces that a jagged line is made of."""


@dataclass(frozen=True)
class Place:
    """Where a defect goes, how long it is overall (px), and how strong; 1 is ordinary."""

    x: float
    y: float
    extent: float
    strength: float = 1.0

    def scattered(self, rng: Rng, spread: float) -> "Place":
        """Return a place a random way off, `spread` px on either axis (deviation)."""
        dx, dy = spread * rng.normal(size=2)
        return replace(self, x=float(self.x + dx), y=float(self.y + dy))


@dataclass(frozen=True)
class Defect:
    """A surface with a defect, where it is, (S, S) float32 0..1, and the word that tells it from its kind."""

    surface: Surface
    mask: np.ndarray
    adjective: str


def inward(surface: Surface, place: Place) -> float:
    """Return the direction, rad, from the rim at `place` into the object; 0 where there is no rim."""
    if surface.outline is None:
        return 0.0
    x, y = (int(np.clip(v, 3, surface.size - 4)) for v in (place.x, place.y))
    dx = surface.outline[y, x + 3] - surface.outline[y, x - 3]
    dy = surface.outline[y + 3, x] - surface.outline[y - 3, x]
    return math.atan2(dy, dx)


def ground_colour(surface: Surface, place: Place, reach: int = 6) -> np.ndarray:
    """Return the mean albedo around `place`, (3,)."""
    x, y = (int(np.clip(v, 0, surface.size - 1)) for v in (place.x, place.y))
    around = surface.albedo[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
    return around.mean(axis=(0, 1))


def contrasting_colour(
    rng: Rng, surface: Surface, place: Place, names: tuple[str, ...]
) -> tuple[str, np.ndarray]:
    """Draw two colours of `names` and return the one farther from the ground: (name, (3,))."""
    ground = ground_colour(surface, place)
    pair = [draw_colour(rng, names) for _ in range(2)]
    return max(pair, key=lambda named: float(np.abs(named[1] - ground).sum()))


def wandering_path(
    rng: Rng, place: Place, length: float, jaggedness: float, bend: float, angle: float, steps: int = 24
) -> np.ndarray:
    """Draw a path of `length` px that starts at `place` in direction `angle`.

    Args:
        jaggedness: deviation of the turn at each step, rad; the path forgets a turn over the next few steps.
        bend: deviation of the turn over the whole path, rad: even curvature.
    Returns:
        (steps + 1, 2) float32.
    """
    headings = angle + rng.normal(0, bend) * np.linspace(0, 1, steps)
    off_course = 0.0
    for step, turn in enumerate(rng.normal(0, jaggedness, steps)):
        off_course = 0.75 * off_course + turn
        headings[step] += off_course
    strides = (length / steps) * rng.uniform(0.5, 1.5, (steps, 1))
    offsets = np.cumsum(strides * np.stack([np.cos(headings), np.sin(headings)], 1), axis=0)
    start = np.array([[place.x, place.y]])
    return np.concatenate([start, start + offsets]).astype(np.float32)


def centred(path: np.ndarray, place: Place) -> np.ndarray:
    """Move a path so that the middle of its extent lies at `place`."""
    return path - (path.max(0) + path.min(0)) / 2 + np.array([place.x, place.y], np.float32)


def stroke(size: int, path: np.ndarray, width: float) -> np.ndarray:
    """Draw a path with an even width of `width` px: (size, size) float32 0..1, fainter below 1 px."""
    canvas = np.zeros((size, size), np.uint8)
    points = np.round(path * 2**SUBPIXEL_BITS).astype(np.int32)
    cv2.polylines(canvas, [points], False, 255, max(1, round(width)), cv2.LINE_AA, SUBPIXEL_BITS)
    return canvas.astype(np.float32) * np.float32(min(1.0, 0.25 + 0.75 * width) / 255)


def ribbon(
    rng: Rng, size: int, path: np.ndarray, width: float, raggedness: float, is_open: bool
) -> np.ndarray:
    """Fill the gap between two ragged shores along a path: (size, size) float32 0..1.

    Args:
        width: px at the widest place.
        raggedness: share of the width by which each shore wanders on its own.
        is_open: full width at the start of the path instead of a point; the end is a point always.
    """
    t = np.linspace(0, 1, len(path))
    taper = (1 - t**2) if is_open else np.sin(math.pi * t) ** 0.6
    along = np.gradient(path, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], 1) / (np.linalg.norm(along, axis=1, keepdims=True) + 1e-6)
    half_widths = 0.5 * width * taper * np.clip(rng.normal(1, raggedness, (2, len(path))), 0.1, 2.2)
    shores = [path + across * half_widths[0][:, None], path - across * half_widths[1][:, None]]
    polygon = np.concatenate([shores[0], shores[1][::-1]])
    canvas = np.zeros((size, size), np.uint8)
    points = np.round(polygon * 2**SUBPIXEL_BITS).astype(np.int32)
    cv2.fillPoly(canvas, [points], 255, cv2.LINE_AA, SUBPIXEL_BITS)
    cv2.polylines(canvas, [points], True, 128, 1, cv2.LINE_AA, SUBPIXEL_BITS)
    cv2.fillPoly(canvas, [points], 255, cv2.LINE_AA, SUBPIXEL_BITS)
    return canvas.astype(np.float32) * np.float32(1 / 255)


def fractal_line(rng: Rng, points: np.ndarray, roughness: float) -> np.ndarray:
    """Break the polyline through (N, 2) `points` up by midpoint displacement: straight runs, sharp turns.

    Args:
        roughness: deviation of a midpoint, as a share of its segment's length; finer ones deviate less.
    Returns:
        (M, 2) float32, a point every few px, at least 4 · (N − 1) + 1.
    """
    longest = float(np.linalg.norm(np.diff(points, axis=0), axis=1).max())
    levels = int(np.clip(round(math.log2(max(longest, 1.0) / FINEST_PX)), 2, 6))
    for level in range(levels):
        start, end = points[:-1], points[1:]
        ahead = end - start
        deviation = rng.normal(0, roughness * 0.88**level, (len(ahead), 1))
        aside = np.stack([-ahead[:, 1], ahead[:, 0]], 1) * deviation
        middle = start + ahead * rng.uniform(0.35, 0.65, (len(ahead), 1)) + aside
        merged = np.empty((2 * len(ahead) + 1, 2), np.float32)
        merged[:-1:2], merged[1::2], merged[-1] = start, middle, end[-1]
        points = merged
    return points


def fissure(rng: Rng, size: int, path: np.ndarray, width: float, is_open: bool) -> np.ndarray:
    """Fill a crack along a path, of irregular width and with sharp, ragged shores: (size, size) float32 0..1.

    Args:
        width: px, usual at the widest part.
        is_open: full width at the start of the path instead of a point; the end is a point always.
    """
    count = len(path)
    t = np.linspace(0, 1, count)
    taper = np.sqrt(np.clip(1 - t, 0, 1)) if is_open else np.clip(np.minimum(t, 1 - t) * 3, 0, 1) ** 0.7
    swell = np.interp(t, np.linspace(0, 1, 7), rng.uniform(0.35, 1.3, 7))
    ragged = rng.normal(0, 0.2, (2, count)) + [
        np.interp(t, np.linspace(0, 1, count // 4 + 2), rng.normal(0, 0.25, count // 4 + 2)) for _ in range(2)
    ]
    halves = 0.5 * width * taper * swell * np.clip(1 + ragged, 0.15, 2)
    along = np.gradient(path, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], 1) / (np.linalg.norm(along, axis=1, keepdims=True) + 1e-6)
    shores = path + across * halves[0][:, None], path - across * halves[1][:, None]
    return filled(size, np.concatenate([shores[0], shores[1][::-1]]))


def filled(size: int, polygon: np.ndarray) -> np.ndarray:
    """Return how much of each pixel a polygon, (N, 2) px, covers: (size, size) float32 0..1."""
    canvas = np.zeros((_FINER * size, _FINER * size), np.uint8)
    points = np.round(polygon * (_FINER * 2**SUBPIXEL_BITS)).astype(np.int32)
    cv2.fillPoly(canvas, [points], 255, cv2.LINE_8, SUBPIXEL_BITS)
    return cv2.resize(canvas, (size, size), interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)


def blob(
    rng: Rng, size: int, place: Place, radius: float, roughness: float, longest: float = 1.8
) -> np.ndarray:
    """Draw a rough oval: (size, size) distance to its edge, px, positive inside.

    Args:
        radius: of the long half axis, px.
        roughness: share of the radius by which the edge wanders.
        longest: how many times longer than wide it may be.
    """
    u, v = turned(size, random_angle(rng), place.x - size / 2, place.y - size / 2)
    v = v * np.float32(rng.uniform(1.0, longest))
    zoom = float(np.clip(radius / 25, 0.25, 1.2))
    wobble = field(rng, "smooth", size, zoom) + 0.35 * field(rng, "cloudy", size, zoom)
    return radius - np.sqrt(u * u + v * v) - roughness * radius * np.clip(wobble, -1.5, 1.5)


def beside(cover: np.ndarray, reach: float) -> np.ndarray:
    """Return a band of about `reach` px that fades away from the edge of `cover`, outside it: (S, S) 0..1."""
    kernel = 2 * math.ceil(reach) + 1
    return np.clip(2 * cv2.GaussianBlur(cover, (kernel, kernel), reach / 2), 0, 1) * (1 - cover)
