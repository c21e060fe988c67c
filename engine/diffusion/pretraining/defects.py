"""The kinds of defects, on what they occur and where: draw a place, draw the defect."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engine.diffusion.pretraining import breaks, bristles, cracks, damage, deposits, pits
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.marks import Defect, Place
from engine.diffusion.pretraining.noise import Rng

MEDIAN_EXTENT_PX, EXTENT_SPREAD = 40.0, 0.42
MIN_EXTENT_PX, MAX_EXTENT_PX = 12.0, 90.0
CENTRAL = 0.7
"""The share of the picture's side within which a defect's centre lies."""


def _anything(surface: Surface) -> bool:
    return True


def _rims(surface: Surface) -> bool:
    if surface.outline is None or surface.is_fibrous:
        return False
    return bool((np.abs(_central(surface.outline)) < 1.5).any())


def _fibrous(surface: Surface) -> bool:
    return surface.is_fibrous


def _metal(surface: Surface) -> bool:
    return surface.is_metal


def _hard(surface: Surface) -> bool:
    return not surface.is_fibrous


def _set(surface: Surface) -> bool:
    return bristles.bears_elements(surface, _margin(surface.size))


def _tufted(surface: Surface) -> bool:
    return surface.elements is not None and surface.elements.are_bristles and _set(surface)


@dataclass(frozen=True)
class Kind:
    """How to draw a kind of defect, its share (relative), its adjectives, and where it occurs."""

    draw: Callable[[Rng, Surface, Place], Defect]
    share: float
    adjectives: tuple[str, ...]
    suits: Callable[[Surface], bool] = _anything
    rim_share: float = 0.0  # how often it sits at the rim, where there is one


KINDS: dict[str, Kind] = {
    "scratch": Kind(damage.scratch, 1.2, ("bright", "dark")),
    "scuff": Kind(damage.scuff, 0.6, ("bright", "dark")),
    "crack": Kind(cracks.crack, 1.8, ("thin", "wide"), rim_share=0.45),
    "split": Kind(cracks.split, 1.2, ("wide", "narrow"), rim_share=0.6),
    "broken piece": Kind(breaks.broken_piece, 4.5, ("big", "small", "loose"), _rims, rim_share=1.0),
    "chip": Kind(pits.chip, 1.0, ("bright", "dark"), _hard, rim_share=0.6),
    "hole": Kind(pits.hole, 1.0, ("round", "torn")),
    "blowhole": Kind(pits.blowhole, 1.2, ("deep", "clustered"), _hard),
    "dent": Kind(damage.dent, 0.8, ("round", "long")),
    "bubble": Kind(damage.bubble, 0.7, ("round", "long"), _hard),
    "wrinkle": Kind(damage.wrinkle, 0.5, ("long", "short")),
    "cut": Kind(damage.cut, 0.6, ("thin", "wide")),
    "frayed fibres": Kind(bristles.frayed_fibres, 4.0, ("long", "short"), _fibrous, rim_share=0.5),
    "missing part": Kind(bristles.missing_part, 3.0, ("single", "double"), _set),
    "bent bristles": Kind(bristles.bent_bristles, 5.0, ("long", "short"), _tufted, rim_share=0.5),
    "stain": Kind(deposits.stain, 1.0, ("bright", "dark")),
    "rust": Kind(deposits.rust, 1.0, ("brown",), _metal),
    "contamination": Kind(deposits.contamination, 1.0, deposits.DIRT_COLOURS),
    "thread": Kind(deposits.thread, 0.9, deposits.THREAD_COLOURS),
    "spot": Kind(deposits.spot, 0.8, deposits.SPOT_COLOURS),
    "print": Kind(deposits.stray_print, 0.6, deposits.PRINT_COLOURS),
}


def shuffled_kinds(rng: Rng, surface: Surface) -> list[str]:
    """Return the kinds that suit `surface` in random order, frequent ones early."""
    suited = [name for name, kind in KINDS.items() if kind.suits(surface)]
    shares = np.array([KINDS[name].share for name in suited])
    return [str(name) for name in rng.choice(suited, len(suited), replace=False, p=shares / shares.sum())]


def draw_defect(rng: Rng, surface: Surface, kind: str, strength: float = 1.0) -> Defect:
    """Put a defect of `kind` somewhere on `surface`; its mask stays on what is, or was, the object."""
    x, y = _draw_point(rng, surface, rng.random() < KINDS[kind].rim_share)
    extent = MEDIAN_EXTENT_PX * math.exp(EXTENT_SPREAD * rng.normal())
    place = Place(x, y, float(np.clip(extent, MIN_EXTENT_PX, MAX_EXTENT_PX)), strength)
    defect = KINDS[kind].draw(rng, surface, place)
    return replace(defect, mask=defect.mask * np.maximum(surface.coverage, defect.surface.coverage))


def _draw_point(rng: Rng, surface: Surface, at_rim: bool) -> tuple[float, float]:
    """Draw a point of the central part: on the object, or at its rim, as far as it has one there."""
    margin = _margin(surface.size)
    if surface.outline is None:
        x, y = rng.uniform(margin, surface.size - margin, 2)
        return float(x), float(y)
    central = _central(surface.outline)
    wanted = np.abs(central) < 1.5 if at_rim else central > 4
    for candidates in (wanted, central > 0, np.ones_like(central, bool)):
        rows, columns = np.nonzero(candidates)
        if len(rows):
            index = rng.integers(len(rows))
            return float(columns[index] + margin), float(rows[index] + margin)
    raise AssertionError("the central part of a picture has no pixels")


def _margin(size: int) -> int:
    return round(size * (1 - CENTRAL) / 2)


def _central(values: np.ndarray) -> np.ndarray:
    margin = _margin(values.shape[0])
    return values[margin:-margin, margin:-margin]
