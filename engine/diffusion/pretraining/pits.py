"""Defects that open a surface downwards: holes, blowholes, chips; with lit walls, shadows and a floor."""

import math
from dataclasses import replace

import numpy as np

from engine.diffusion.pretraining.colours import blended
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.marks import Defect, Place, blob, ground_colour
from engine.diffusion.pretraining.noise import Rng, field


def sink(
    surface: Surface, cover: np.ndarray, depth: np.ndarray, inside: np.ndarray, flattened: float = 0.0
) -> Surface:
    """Open the surface where `cover` (0..1) is, `depth` px deep, and show `inside`, (S, S, 3), there.

    Args:
        flattened: share of the old relief that is lost.
    """
    height = surface.height * (1 - flattened * cover) - depth
    albedo = np.clip(blended(surface.albedo, inside, cover), 0.01, 1)
    pit = cover if surface.pit is None else np.maximum(surface.pit, cover)
    return replace(surface, albedo=albedo, height=height, gloss=surface.gloss * (1 - 0.9 * cover), pit=pit)


def bared(rng: Rng, surface: Surface, tone: np.ndarray | float, blur: float = 0.5) -> np.ndarray:
    """Return the inner material: `tone` times what is there, half levelled, with a grain: (S, S, 3)."""
    mean = surface.albedo.mean(axis=(0, 1)) if surface.outline is None else _mean_of_object(surface)
    rough = 1 + 0.12 * field(rng, "rough", surface.size) + 0.06 * field(rng, "grain", surface.size)
    return (surface.albedo * (1 - blur) + mean * blur) * (tone * rough)[..., None]


def _mean_of_object(surface: Surface) -> np.ndarray:
    return surface.albedo[surface.coverage > 0.5].mean(axis=0)


def hole(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A hole with walls, round or torn: with a floor, or right through, where it is dark."""
    is_round = rng.random() < 0.5
    roughness, longest = (0.02, 1.25) if is_round else (rng.uniform(0.2, 0.4), 1.9)
    rim = blob(rng, surface.size, place, place.extent * 0.45, roughness, longest)
    if not is_round:
        rim = rim + rng.uniform(0.5, 1.5) * np.clip(field(rng, "cloudy", surface.size, 0.8), -2, 2)
    build = _through_hole if rng.random() < 0.45 else _blind_hole
    opened, cover = build(rng, surface, place, rim)
    if not is_round or rng.random() < 0.3:
        lip = np.clip(1 - np.abs(rim + 1.5) / 1.8, 0, 1) * rng.uniform(0.3, 1.2)
        opened = replace(opened, height=opened.height + lip)
    return Defect(opened, cover, "round" if is_round else "torn")


def _through_hole(rng: Rng, surface: Surface, place: Place, rim: np.ndarray) -> tuple[Surface, np.ndarray]:
    """Show the wall on the far side, as seen a little aslant, and nothing but dark behind it."""
    cover = np.clip(rim + 0.5, 0, 1)
    thickness = place.extent * rng.uniform(0.05, 0.22)
    aslant = rng.uniform(0, 2 * math.pi)
    dx, dy = round(thickness * math.cos(aslant)), round(thickness * math.sin(aslant))
    behind = np.clip(np.minimum(np.roll(rim, (dy, dx), (0, 1)) - 0.3 * thickness, rim - 0.7) + 0.5, 0, 1)
    wall = bared(rng, surface, rng.uniform(0.45, 1.0))
    deeper = np.clip(rim / max(1.3 * thickness, 2), 0, 1)
    inside = blended(wall * (1 - 0.55 * deeper)[..., None], rng.uniform(0.01, 0.07), behind)
    return sink(surface, cover, cover * (1 + 5 * deeper), inside, 0.6), cover


def _blind_hole(rng: Rng, surface: Surface, place: Place, rim: np.ndarray) -> tuple[Surface, np.ndarray]:
    """Drop steeply to a rough floor that lies in the shadow of the walls."""
    cover = np.clip(rim + 0.5, 0, 1)
    wall, depth_px = rng.uniform(2.0, 6.0), float(np.clip(place.extent * rng.uniform(0.12, 0.4), 3, 13))
    fallen = np.clip(rim / wall, 0, 1)
    crevice = np.exp(-((rim - wall) ** 2) / 6)
    tone = rng.uniform(0.25, 0.9) * (1 - rng.uniform(0, 0.3) * crevice * fallen)
    depth = depth_px * fallen * (1 + 0.08 * field(rng, "cloudy", surface.size))
    return sink(surface, cover, depth, bared(rng, surface, tone), 0.8), cover


def blowhole(rng: Rng, surface: Surface, place: Place) -> Defect:
    """Pores from trapped gas: hollow half spheres, often with a bright rim."""
    cover, depth = np.zeros_like(surface.height), np.zeros_like(surface.height)
    rim = np.zeros_like(surface.height)
    count = 1 if rng.random() < 0.5 else int(rng.integers(2, 7))
    steepness = rng.uniform(0.4, 1.0)
    for _ in range(count):
        at = place.scattered(rng, 0.25 * place.extent * (count > 1))
        radius = place.extent * (rng.uniform(0.15, 0.36) if count == 1 else rng.uniform(0.05, 0.18))
        radius = max(radius, 2.2)
        pit = blob(rng, surface.size, at, radius, 0.12, 2.2)
        cover = np.maximum(cover, np.clip(pit / 1.4 + 0.6, 0, 1))
        sunk = np.clip(pit / radius, 0, 1)
        depth = np.maximum(depth, steepness * radius * sunk * (2 - sunk))
        rim = np.maximum(rim, np.clip(1 - np.abs(pit + 1.2) / 1.5, 0, 1))
    dark = np.clip(depth / max(float(depth.max()), 1), 0, 1)
    shade = min(rng.uniform(0.2, 0.7) * place.strength, 0.88)
    opened = sink(surface, cover, depth, bared(rng, surface, 1.05 - shade * (0.5 + 0.5 * dark), 0.3), 0.7)
    bright = rng.uniform(0, 0.45) * rim * (1 - cover)
    changed = replace(
        opened,
        albedo=np.clip(opened.albedo * (1 + bright)[..., None], 0, 1),
        height=opened.height + 0.7 * rim,
    )
    return Defect(changed, np.maximum(cover, 0.5 * rim), "deep" if count == 1 else "clustered")


def chip(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A flake broken off: shell-shaped ripples or a rough bed, with a sharp edge, of another brightness."""
    flake = blob(rng, surface.size, place, place.extent * 0.45, rng.uniform(0.12, 0.35), 2.2)
    flake = flake + 0.4 * np.clip(field(rng, "cloudy", surface.size, 0.7), -2, 2)
    cover = np.clip(flake + 0.5, 0, 1)
    ground = ground_colour(surface, place)
    is_bright = rng.random() < (0.25 if ground.mean() > 0.6 else 0.65)
    bare = ground * rng.uniform(1.1, 1.7) + 0.08 if is_bright else ground * rng.uniform(0.4, 0.85)
    tone = 1 + 0.12 * field(rng, "cloudy", surface.size) + 0.08 * field(rng, "grain", surface.size)
    inside = np.clip(bare, 0.03, 0.95) * tone[..., None]
    share = cover * min(rng.uniform(0.7, 1.0) * place.strength, 1)
    ripples = np.sin(flake * rng.uniform(0.5, 1.1)) * float(rng.random() < 0.4)
    bed = 0.5 * field(rng, "cloudy", surface.size) + 0.5 * ripples
    bowl = np.sqrt(np.clip(flake / (0.3 * place.extent), 0, 1)) * place.extent * rng.uniform(0.02, 0.16)
    depth = cover * rng.uniform(0.5, 2) + bowl - 0.8 * cover * bed
    changed = sink(surface, cover, depth, blended(surface.albedo, inside, share), 0.85)
    return Defect(changed, cover, "bright" if is_bright else "dark")
