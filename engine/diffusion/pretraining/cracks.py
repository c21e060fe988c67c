"""Defects that tear a surface: cracks, thin or gaping, and splits that push both sides apart."""

import math
from dataclasses import replace

import cv2
import numpy as np

from engine.diffusion.pretraining.colours import blended
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.marks import (
    Defect,
    Place,
    beside,
    centred,
    filled,
    fissure,
    fractal_line,
    inward,
)
from engine.diffusion.pretraining.noise import Rng, field, random_angle
from engine.diffusion.pretraining.pits import bared, sink

_NEAR_RIM_PX = 4


def crack(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A jagged line, hair-thin or gaping; through an object, the backdrop shows."""
    has_rim = surface.outline is not None
    if rng.random() >= (0.6 if has_rim else 0.4):
        return _thin_crack(rng, surface, place)
    if has_rim and rng.random() < 0.7:
        return gaping_crack(rng, surface, place)
    return _wide_crack(rng, surface, place)


def gaping_crack(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A wide crack right through an object."""
    cover = _widely_torn(rng, surface, place)
    return Defect(opened(rng, surface, cover), cover, "wide")


def opened(rng: Rng, surface: Surface, cover: np.ndarray) -> Surface:
    """Let the backdrop show through `cover` (0..1), with a crumbling broken face along its edge."""
    face = beside(cover, rng.uniform(2, 5))
    rough = field(rng, "rough", surface.size, 0.7)
    inside = surface.albedo[cover > 0.5].mean(axis=0) if (cover > 0.5).any() else surface.albedo
    fresh = inside * rng.uniform(0.55, 1.35) * (1 + 0.15 * rough)[..., None]
    albedo = np.clip(blended(surface.albedo, fresh, face), 0.02, 1)
    height = surface.height - face * (rng.uniform(1, 3) + 0.8 * rough)
    rim = np.minimum(surface.rim_distance, 0.5 - cover)
    return replace(surface, albedo=albedo, height=height, outline=rim)


def _path(rng: Rng, surface: Surface, place: Place, roughness: float) -> tuple[np.ndarray, bool]:
    """Draw a crack's path and tell whether it starts at the rim of an object; along the grain, if there is one."""
    at_rim = surface.outline is not None and abs(float(surface.rim_distance[int(place.y), int(place.x)])) < 4
    if at_rim:
        angle = inward(surface, place) + rng.normal(0, 0.4)
    elif surface.grain is not None and rng.random() < 0.75:
        angle = surface.grain + rng.normal(0, 0.1)
    else:
        angle = random_angle(rng)
    stride = place.extent * 1.05 / 3
    headings = angle + rng.normal(0, min(1.8 * roughness, 0.35), 3)
    steps = stride * np.stack([np.cos(headings), np.sin(headings)], 1)
    corners = np.cumsum(np.concatenate([[[place.x, place.y]], steps]), 0, dtype=np.float32)
    path = fractal_line(rng, corners, roughness)
    if at_rim:
        return path - _NEAR_RIM_PX * np.array([math.cos(angle), math.sin(angle)], np.float32), True
    return centred(path, place), False


def _branched(
    rng: Rng, surface: Surface, path: np.ndarray, place: Place, width: float, is_open: bool
) -> np.ndarray:
    """Draw a crack with up to three branches that fork off forwards, thinner: (S, S) 0..1."""
    cover = fissure(rng, surface.size, path, width, is_open)
    for _ in range(int(rng.choice((0, 0, 1, 1, 2, 3)))):
        index = int(rng.integers(len(path) // 5, len(path) - 4))
        ahead = path[index + 3] - path[index - 3]
        angle = math.atan2(ahead[1], ahead[0]) + rng.choice((-1, 1)) * rng.uniform(0.35, 1.0)
        length = place.extent * rng.uniform(0.15, 0.45)
        end = path[index] + length * np.array([math.cos(angle), math.sin(angle)], np.float32)
        branch = fractal_line(rng, np.stack([path[index], end]), 0.16)
        cover = np.maximum(cover, fissure(rng, surface.size, branch, rng.uniform(0.35, 0.65) * width, True))
    return cover


def _roughness(rng: Rng, surface: Surface) -> float:
    return rng.uniform(0.03, 0.09) if surface.grain is not None else rng.uniform(0.08, 0.2)


def _thin_crack(rng: Rng, surface: Surface, place: Place) -> Defect:
    """Darken a hairline, here more, there less."""
    path, at_rim = _path(rng, surface, place, _roughness(rng, surface))
    width = rng.uniform(0.7, 2.2) * min(place.strength, 1.6)
    cover = _branched(rng, surface, path, place, width, at_rim)
    faded = np.clip(0.8 + rng.uniform(0, 0.45) * field(rng, "cloudy", surface.size, 1.0), 0.15, 1)
    share = np.clip(cover * faded * rng.uniform(0.75, 1.2) * place.strength, 0, 1)
    dark = bared(rng, surface, rng.uniform(0.05, 0.4), 0.2)
    lips = beside(cover, 1.5) * rng.uniform(-0.12, 0.15)
    torn = sink(surface, share, share * rng.uniform(0.8, 2.5), dark)
    albedo = np.clip(torn.albedo * (1 + lips)[..., None], 0.01, 1)
    return Defect(replace(torn, albedo=albedo), cover, "thin")


def _wide_crack(rng: Rng, surface: Surface, place: Place) -> Defect:
    """Open a cleft: dark in the depth, one wall lit."""
    cover = _widely_torn(rng, surface, place)
    inward_px = cv2.distanceTransform((cover > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    darkness = 1 - np.exp(-inward_px / rng.uniform(1.0, 3.0))
    tone = rng.uniform(0.3, 0.8) * (1 - darkness) + rng.uniform(0.04, 0.2)
    depth = cover * rng.uniform(1.5, 3) + np.clip(inward_px, 0, 4) * rng.uniform(0.8, 2)
    torn = sink(surface, cover, depth, bared(rng, surface, tone, 0.3), 0.5)
    return Defect(torn, cover, "wide")


def _widely_torn(rng: Rng, surface: Surface, place: Place) -> np.ndarray:
    path, at_rim = _path(rng, surface, place, _roughness(rng, surface))
    widest = 0.26 if surface.outline is not None else 0.14
    width = float(np.clip(place.extent * rng.uniform(0.05, widest), 1.8, 18)) * min(place.strength, 1.4)
    return _crumbled(rng, _branched(rng, surface, path, place, width, at_rim))


def _crumbled(rng: Rng, cover: np.ndarray) -> np.ndarray:
    """Leave crumbs in a crack, where it is wide."""
    crumbs = np.clip(3 * (field(rng, "rough", len(cover), 1.0) - rng.uniform(1.0, 2.5)), 0, 1)
    return cover * (1 - 0.9 * crumbs)


def split(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A break whose two sides have come apart and shifted; farther off they lie where they were."""
    size = surface.size
    at_rim = surface.outline is not None and rng.random() < 0.7
    angle = inward(surface, place) if at_rim else random_angle(rng)
    angle += rng.normal(0, 0.3)
    ahead = np.array([math.cos(angle), math.sin(angle)], np.float32)
    middle, half = np.array([place.x, place.y], np.float32), 0.46 * place.extent
    path = fractal_line(rng, np.stack([middle - half * ahead, middle + half * ahead]), rng.uniform(0.08, 0.2))
    side = _side_of(path, ahead, size)
    from_path = _distance_to(path, size)
    gap_px = float(np.clip(place.extent * rng.uniform(0.05, 0.17), 1.6, 12.0)) * min(place.strength, 1.4)
    weight = _pushed(rng, path, ahead, size) * np.clip(1 - from_path / (0.36 * place.extent), 0, 1) ** 1.5
    moved, gap = _moved_apart(surface, side, weight, ahead, 0.5 * gap_px, gap_px * rng.uniform(-0.35, 0.35))
    mask = np.maximum(gap, 0.4 * (weight * gap_px > 1.2))
    if surface.outline is not None and rng.random() < 0.75:
        return Defect(opened(rng, moved, gap), mask, _width_of(gap_px))
    tone = rng.uniform(0.05, 0.3) + 0.4 * np.exp(-np.abs(from_path - 0.4 * gap_px))
    depth = gap * rng.uniform(3, 7)
    return Defect(sink(moved, gap, depth, bared(rng, surface, tone, 0.3), 0.5), mask, _width_of(gap_px))


def _width_of(gap_px: float) -> str:
    return "wide" if gap_px > 5 else "narrow"


def _side_of(path: np.ndarray, ahead: np.ndarray, size: int) -> np.ndarray:
    """Return on which side of a path, extended straight on both ends, each pixel lies: (S, S), −1 or 1."""
    far, aside = 3 * size * ahead, 3 * size * np.array([-ahead[1], ahead[0]], np.float32)
    line = np.concatenate([path[:1] - far, path, path[-1:] + far])
    half_plane = np.concatenate([line, line[-1:] + aside, line[:1] + aside])
    return np.where(filled(size, half_plane) > 0.5, np.float32(1), np.float32(-1))


def _distance_to(path: np.ndarray, size: int) -> np.ndarray:
    canvas = np.full((size, size), 255, np.uint8)
    cv2.polylines(canvas, [np.round(path).astype(np.int32)], False, 0, 1)
    return cv2.distanceTransform(canvas, cv2.DIST_L2, 5)


def _pushed(rng: Rng, path: np.ndarray, ahead: np.ndarray, size: int) -> np.ndarray:
    """Return how far the break is open along its length: (S, S), 1 somewhere, 0 beyond its ends."""
    ys, xs = np.mgrid[:size, :size].astype(np.float32)
    t = ((xs - path[0, 0]) * ahead[0] + (ys - path[0, 1]) * ahead[1]) / float((path[-1] - path[0]) @ ahead)
    widest = rng.uniform(0.1, 0.9)
    return np.clip(np.minimum(t / widest, (1 - t) / (1 - widest)), 0, 1) ** 0.6


def _moved_apart(
    surface: Surface,
    side: np.ndarray,
    weight: np.ndarray,
    ahead: np.ndarray,
    across_px: float,
    along_px: float,
) -> tuple[Surface, np.ndarray]:
    """Move each side by its weight, (S, S), `across_px` away from the line and `along_px` along it.

    Returns:
        the surface, and the gap that opens between its sides, (S, S) 0..1.
    """
    ys, xs = np.mgrid[: surface.size, : surface.size].astype(np.float32)
    move = side * weight
    map_x = xs - move * np.float32(along_px * ahead[0] - across_px * ahead[1])
    map_y = ys - move * np.float32(along_px * ahead[1] + across_px * ahead[0])

    def warped(values: np.ndarray) -> np.ndarray:
        return cv2.remap(values, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    gap = cv2.GaussianBlur(0.5 - 0.5 * side * warped(side), (3, 3), 0.5)
    gloss = warped(surface.gloss) if isinstance(surface.gloss, np.ndarray) else surface.gloss
    outline = None if surface.outline is None else warped(surface.outline)
    moved = replace(surface, albedo=warped(surface.albedo), height=warped(surface.height), outline=outline)
    return replace(moved, gloss=gloss), gap
