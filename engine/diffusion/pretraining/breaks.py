"""Pieces broken from an object's rim: gone, or lying beside it."""

import math
from dataclasses import replace

import cv2
import numpy as np

from engine.diffusion.pretraining.cracks import opened
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.marks import Defect, Place, beside, blob, inward
from engine.diffusion.pretraining.noise import Rng, field, turned

BIG_PX = 40
MAX_PIECE_PX = 96
_LOOSE_SHARE = 0.3


def broken_piece(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A bite or a wedge broken off with a rough face: missing, or still there, a little off."""
    place = replace(place, extent=min(1.4 * place.extent, MAX_PIECE_PX))  # some of it falls beside the object
    bite = _wedge(rng, surface, place) if rng.random() < 0.5 else _bite(rng, surface, place)
    bite = bite + rng.uniform(0.3, 1.2) * np.clip(field(rng, "cloudy", surface.size, 1.0), -2, 2)
    bite = bite + rng.uniform(0, 0.06) * place.extent * np.clip(
        field(rng, "smooth", surface.size, 0.4), -2, 2
    )
    cover = np.clip(bite + 0.5, 0, 1)
    without = opened(rng, surface, cover)
    missing = np.maximum(cover, 0.6 * beside(cover, 2)) * surface.coverage
    if rng.random() < _LOOSE_SHARE:
        return _beside_it(rng, surface, without, place, bite, missing)
    return Defect(without, missing, "big" if place.extent > 1.4 * BIG_PX else "small")


def _bite(rng: Rng, surface: Surface, place: Place) -> np.ndarray:
    return blob(rng, surface.size, place, place.extent / 2, rng.uniform(0.1, 0.3), 1.4)


def _wedge(rng: Rng, surface: Surface, place: Place) -> np.ndarray:
    """Two straight breaks that meet inside the object: (S, S) px, positive inside the wedge."""
    angle = inward(surface, place) + rng.normal(0, 0.3)
    depth, tangent = turned(surface.size, angle, place.x - surface.size / 2, place.y - surface.size / 2)
    reach = place.extent * rng.uniform(0.3, 0.65)
    slope = reach / (place.extent / 2)
    lean = rng.uniform(-0.3, 0.3) * place.extent
    wedge = (reach - depth - slope * np.abs(tangent - lean * depth / reach)) / math.sqrt(1 + slope**2)
    within = 0.7 * place.extent - np.sqrt(depth**2 + tangent**2)
    wobble = np.clip(field(rng, "smooth", surface.size), -1.5, 1.5)
    return np.minimum(wedge, within) + 0.05 * place.extent * wobble


def _beside_it(
    rng: Rng, whole: Surface, without: Surface, place: Place, bite: np.ndarray, missing: np.ndarray
) -> Defect:
    """Lay the piece down again, moved outwards and turned a little."""
    outwards = inward(whole, place) + math.pi + rng.normal(0, 0.5)
    distance = float(np.clip(place.extent * rng.uniform(0.06, 0.16), 3, 12))
    warp = cv2.getRotationMatrix2D((place.x, place.y), rng.normal(0, 9), 1.0)
    warp[:, 2] += distance * np.array([math.cos(outwards), math.sin(outwards)])

    def moved(values: np.ndarray) -> np.ndarray:
        return cv2.warpAffine(values, warp, values.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)

    rim = moved(np.minimum(whole.rim_distance, bite - 1))
    piece = np.clip(rim + 0.5, 0, 1)
    face = beside(1 - piece, 2.5) * piece
    albedo = moved(whole.albedo) * (1 - 0.2 * face)[..., None]
    share = piece[..., None]
    changed = replace(
        without,
        albedo=without.albedo * (1 - share) + albedo * share,
        height=without.height * (1 - piece) + (moved(whole.height) - 2 * face) * piece,
        outline=np.maximum(without.rim_distance, rim),
    )
    return Defect(changed, np.maximum(missing, piece), "loose")
