"""Defects of fibres, and of surfaces set with like elements: torn, splayed, missing."""

import math
from dataclasses import replace

import cv2
import numpy as np

from engine.diffusion.pretraining.colours import blended
from engine.diffusion.pretraining.lighting import Elements, Surface
from engine.diffusion.pretraining.marks import (
    SUBPIXEL_BITS,
    Defect,
    Place,
    ground_colour,
    inward,
    wandering_path,
)
from engine.diffusion.pretraining.noise import Rng, random_angle, turned

_LONG_PX = 40


def frayed_fibres(rng: Rng, surface: Surface, place: Place) -> Defect:
    """Fibres torn loose and bent out, over the rim too."""
    outwards = inward(surface, place) + math.pi if surface.outline is not None else random_angle(rng)
    fan, brighter = rng.uniform(0.3, 1.2), rng.uniform(0.9, 1.5)
    bend = 0.5 if surface.elements is not None else 1.2
    paths, paints = [], []
    for _ in range(int(rng.integers(20, 70) * place.strength)):
        root = _fibre_root(rng, surface, place, outwards)
        length = place.extent * rng.uniform(0.25, 0.7)
        paths.append(wandering_path(rng, root, length, 0.06, bend, outwards + fan * rng.normal(), 8))
        paints.append(ground_colour(surface, root, 2) * brighter)
    changed, cover = _with_fibres(rng, surface, paths, paints)
    closed = cv2.morphologyEx(cover, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return Defect(changed, closed, "long" if place.extent > _LONG_PX else "short")


def _with_fibres(
    rng: Rng, surface: Surface, paths: list[np.ndarray], paints: list[np.ndarray], width: int = 1
) -> tuple[Surface, np.ndarray]:
    """Lay fibres over a surface, each in its own shade of its paint, (3,): the surface and their cover, (S, S)."""
    size = surface.size
    canvas, drawn = np.zeros((size, size, 3), np.uint8), np.zeros((size, size), np.uint8)
    for path, paint in zip(paths, paints, strict=True):
        points = np.round(path * 2**SUBPIXEL_BITS).astype(np.int32)
        shade = np.clip(255 * paint * rng.uniform(0.7, 1.3) + 8, 0, 255).tolist()
        cv2.polylines(canvas, [points], False, shade, width, cv2.LINE_AA, SUBPIXEL_BITS)
        cv2.polylines(drawn, [points], False, 255, width, cv2.LINE_AA, SUBPIXEL_BITS)
    cover = np.clip(drawn.astype(np.float32) * np.float32(1.3 / 255), 0, 1)
    albedo = blended(surface.albedo, canvas.astype(np.float32) / np.float32(255), cover)
    outline = surface.outline if surface.outline is None else np.maximum(surface.outline, cover - 0.5)
    return replace(surface, albedo=albedo, height=surface.height + 1.8 * cover, outline=outline), cover


def _fibre_root(rng: Rng, surface: Surface, place: Place, outwards: float) -> Place:
    """Draw where a fibre starts: near the place, and on the object where there is one."""
    back = 0.2 * place.extent * (surface.outline is not None)
    x, y = np.array([place.x, place.y]) + 0.15 * place.extent * rng.normal(size=2)
    return replace(place, x=float(x - back * math.cos(outwards)), y=float(y - back * math.sin(outwards)))


def missing_part(rng: Rng, surface: Surface, place: Place) -> Defect:
    """One of the elements that a surface is set with, or two, are not there: their bare places show."""
    elements = _elements_of(surface)
    gone = _nearest(elements, place)[: 1 if rng.random() < 0.7 else 2]
    radius = elements.radius * 1.25
    cover = np.zeros_like(surface.height)
    for x, y in elements.centres[gone]:
        u, v = turned(surface.size, 0.0, float(x) - surface.size / 2, float(y) - surface.size / 2)
        cover = np.maximum(cover, np.clip((radius - np.sqrt(u * u + v * v)) / 1.5 + 0.5, 0, 1))
    socket = np.clip(1.6 * cover - 0.9, 0, 1) * float(elements.are_bristles)
    albedo = blended(surface.albedo, elements.albedo, cover) * (1 - rng.uniform(0.1, 0.6) * socket)[..., None]
    height = surface.height + (elements.height - surface.height) * cover - 2 * socket
    gloss = surface.gloss * (1 - cover) if isinstance(surface.gloss, np.ndarray) else surface.gloss
    changed = replace(surface, albedo=albedo, height=height, gloss=gloss)
    return Defect(changed, cover, "single" if len(gone) == 1 else "double")


def bent_bristles(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A few tufts splayed: their fibres lean far out over their neighbours and the rim, and show their sides."""
    elements = _elements_of(surface)
    bent = _nearest(elements, place)[: int(rng.integers(1, 5))]
    outwards = inward(surface, place) + math.pi if surface.outline is not None else random_angle(rng)
    heading, fan = outwards + rng.normal(0, 0.6), rng.uniform(0.4, 2.2)
    longest = float(np.clip(place.extent / elements.radius / 2, 1.2, 3.0))
    paths, paints = [], []
    for index in bent:
        x, y = elements.centres[index]
        for _ in range(round(30 + 3 * elements.radius)):
            dx, dy = 0.6 * elements.radius * rng.normal(size=2)
            root = replace(place, x=float(x + dx), y=float(y + dy))
            length = elements.radius * rng.uniform(0.8, longest)
            paths.append(wandering_path(rng, root, length, 0.04, 0.45, heading + 0.5 * fan * rng.normal(), 5))
            paints.append(elements.colours[index] * rng.uniform(0.8, 1.25))
    order = rng.permutation(len(paths))
    width = max(1, round(elements.radius / 13))
    changed, cover = _with_fibres(rng, surface, [paths[i] for i in order], [paints[i] for i in order], width)
    closed = cv2.morphologyEx(cover, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return Defect(changed, closed, "long" if longest > 2 else "short")


def _elements_of(surface: Surface) -> Elements:
    if surface.elements is None:
        raise ValueError(f"{surface.noun or 'this surface'} is not set with elements")
    return surface.elements


def _nearest(elements: Elements, place: Place) -> np.ndarray:
    """Return the indices of the elements, the nearest first."""
    return np.argsort(np.square(elements.centres - [place.x, place.y]).sum(axis=1))


def bears_elements(surface: Surface, margin: int) -> bool:
    """Tell whether an element's centre lies farther than `margin` px from the picture's edge."""
    if surface.elements is None:
        return False
    centres = surface.elements.centres
    return bool(((centres > margin) & (centres < surface.size - margin)).all(axis=1).any())
