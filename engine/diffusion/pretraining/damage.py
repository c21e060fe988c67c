"""Defects that mark or bend a surface: scratches, scuffs, dents, bubbles, wrinkles, cuts."""

from dataclasses import replace

import cv2
import numpy as np

from engine.diffusion.pretraining.colours import blended
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.marks import (
    Defect,
    Place,
    beside,
    blob,
    centred,
    ground_colour,
    ribbon,
    stroke,
    wandering_path,
)
from engine.diffusion.pretraining.noise import Rng, field, random_angle, turned
from engine.diffusion.pretraining.pits import sink

_LONG_PX = 40


def scratch(rng: Rng, surface: Surface, place: Place) -> Defect:
    """One or a few thin furrows, brighter or darker than the surface."""
    angle, count = random_angle(rng), 1 if rng.random() < 0.65 else int(rng.integers(2, 5))
    furrow = np.zeros_like(surface.height)
    for _ in range(count):
        at = place.scattered(rng, 4.0 * (count > 1))
        length, heading = place.extent * rng.uniform(0.8, 1.2), angle + rng.normal(0, 0.12)
        path = centred(wandering_path(rng, at, length, 0.03, 0.4, heading), at)
        furrow = np.maximum(furrow, ribbon(rng, surface.size, path, rng.uniform(0.0, 1.3), 0.25, False))
    is_bright = ground_colour(surface, place).mean() < rng.uniform(0.25, 0.95)
    paint = rng.uniform(0.75, 1.0) if is_bright else rng.uniform(0.05, 0.15)
    share = furrow * min(rng.uniform(0.35, 0.9) * place.strength, 1)
    changed = replace(
        surface,
        albedo=blended(surface.albedo, paint, share),
        height=surface.height - furrow * rng.uniform(0.5, 2),
    )
    return Defect(changed, furrow, "bright" if is_bright else "dark")


def scuff(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A patch rubbed by something rough: many faint parallel strokes."""
    angle = random_angle(rng)
    patch = np.clip(blob(rng, surface.size, place, place.extent / 2, 0.2) / 6 + 0.5, 0, 1)
    strokes = np.clip(field(rng, "brushed", surface.size, 0.8, angle) * 0.7 + 0.3, 0, 1.5)
    is_bright = ground_colour(surface, place).mean() < 0.6
    paint = 0.9 if is_bright else 0.12
    share = np.clip(patch * strokes * rng.uniform(0.3, 0.6) * place.strength, 0, 1)
    height = surface.height * (1 - 0.3 * patch) - 0.6 * patch * strokes
    changed = replace(surface, albedo=blended(surface.albedo, paint, share), height=height)
    return Defect(changed, patch, "bright" if is_bright else "dark")


def dent(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A smooth hollow."""
    swelling, adjective = _swelling(rng, surface, place)
    changed = replace(surface, height=surface.height - swelling, albedo=_pressed(surface, swelling))
    return Defect(changed, (swelling > 0.12 * swelling.max()).astype(np.float32), adjective)


def bubble(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A smooth bulge, as of a blister under paint or glaze; often shinier than its surroundings."""
    swelling, adjective = _swelling(rng, surface, place)
    gloss = surface.gloss + rng.uniform(0, 0.3) * (swelling > 0)
    changed = replace(surface, height=surface.height + swelling, gloss=gloss.astype(np.float32))
    return Defect(changed, (swelling > 0.12 * swelling.max()).astype(np.float32), adjective)


def _swelling(rng: Rng, surface: Surface, place: Place) -> tuple[np.ndarray, str]:
    """Draw a smooth oval hill that ends within the extent: (S, S) px, and its adjective."""
    longest = rng.uniform(1.0, 2.2)
    u, v = turned(surface.size, random_angle(rng), place.x - surface.size / 2, place.y - surface.size / 2)
    radius = place.extent / 2
    squared = (u * u + (v * longest) ** 2) / radius**2
    hill = np.clip(1 - squared, 0, 1) ** rng.uniform(1.2, 2.2)
    height_px = radius / longest * rng.uniform(0.3, 0.6) * place.strength
    return hill * height_px, "round" if longest < 1.4 else "long"


def _pressed(surface: Surface, swelling: np.ndarray) -> np.ndarray:
    return surface.albedo * (1 - 0.15 * swelling / max(float(swelling.max()), 1e-6))[..., None]


def wrinkle(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A fold: a long ridge with soft flanks."""
    path = centred(wandering_path(rng, place, 1.1 * place.extent, 0.08, 1.5, random_angle(rng)), place)
    width = float(np.clip(0.12 * place.extent, 3, 8))
    line = stroke(surface.size, path, width)
    kernel = 2 * round(width) + 1
    ridge = cv2.GaussianBlur(line, (kernel, kernel), width / 2)
    height = surface.height + ridge * width * rng.uniform(0.6, 1.1) * place.strength
    return Defect(replace(surface, height=height), np.clip(2.5 * ridge, 0, 1), _long_or_short(place))


def _long_or_short(place: Place) -> str:
    return "long" if place.extent > _LONG_PX else "short"


def cut(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A clean slit that gapes: dark inside, its lips raised."""
    bend = 0.6 if rng.random() < 0.3 else 0.1
    path = centred(wandering_path(rng, place, place.extent, 0.02, bend, random_angle(rng)), place)
    width = float(np.clip(place.extent * rng.uniform(0.03, 0.1), 1.3, 6)) * min(place.strength, 1.4)
    slit = ribbon(rng, surface.size, path, width, 0.08, False)
    lips = beside(slit, 3.0)
    depth, dark = slit * rng.uniform(2, 5), surface.albedo * rng.uniform(0.08, 0.35)
    opened = sink(surface, slit, depth, dark)
    albedo = np.clip(opened.albedo * (1 + 0.15 * lips)[..., None], 0, 1)
    changed = replace(opened, albedo=albedo, height=opened.height + 1.2 * lips)
    return Defect(changed, np.maximum(slit, lips), "wide" if width > 3 else "thin")
