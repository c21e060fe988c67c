"""Single objects: biscuits, discs and caps, pills, gaskets, kernels."""

import math

import numpy as np

from engine.diffusion.pretraining.colours import blended, draw_colour, mottled, plain
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.noise import Rng, field, profile, random_angle, turned
from engine.diffusion.pretraining.objects import dome, draw_radius, lying, oval

BAKED = np.array([0.74, 0.55, 0.33], np.float32)


def biscuit(rng: Rng, size: int) -> Surface:
    """A baked disc: crumb, browning, wrinkles; with or without dark inclusions."""
    colour, shade = draw_colour(rng, ("beige", "brown", "orange", "beige"))
    shade = 0.7 * shade + 0.3 * BAKED
    radius = draw_radius(rng, size, 0.32, 1.2)
    outline = oval(rng, size, radius, rng.uniform(0.8, 4.0), 2.0 if rng.random() < 0.8 else 4.0)
    crumb = 0.7 * field(rng, "rough", size) + field(rng, "cloudy", size)
    waves = field(rng, "smooth", size)
    albedo = mottled(plain(shade, size), crumb, rng.uniform(0.04, 0.1))
    browned = np.clip(0.35 + 0.35 * waves, 0, 1) * rng.uniform(0, 0.6)
    browned = np.maximum(browned, np.clip(1 - outline / rng.uniform(4, 25), 0, 1) * rng.uniform(0.1, 0.8))
    albedo = blended(albedo, albedo * np.array([0.75, 0.6, 0.45], np.float32), browned)
    height = crumb * rng.uniform(0.3, 0.9) + waves * rng.uniform(0.5, 1.5)
    if rng.random() < 0.6:
        wrinkle = _wrinkles(rng, size)
        albedo, height = albedo * (1 - 0.35 * wrinkle)[..., None], height - 2.0 * wrinkle
    if rng.random() < 0.6:
        albedo, height = _with_inclusions(rng, albedo, height)
    height = height + dome(outline, rng.uniform(8, 30), rng.uniform(4, 12))
    return lying(rng, outline, albedo, height, 0.03, colour)


def _wrinkles(rng: Rng, size: int) -> np.ndarray:
    """Draw short cracks of a baked crust, which belong to it: (size, size) 0..1."""
    lines = np.clip(1 - np.abs(field(rng, "smooth", size)) * rng.uniform(8, 20), 0, 1)
    return lines * np.clip(1.5 * field(rng, "smooth", size), 0, 1)


def _with_inclusions(rng: Rng, albedo: np.ndarray, height: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    size = height.shape[0]
    lumps = field(rng, "peel", size, math.exp(rng.uniform(-0.2, 0.7))) - rng.uniform(1.3, 2.0)
    share = np.clip(lumps * 4, 0, 1)
    _, shade = draw_colour(rng, ("brown", "brown", "black", "red", "white"))
    lump = shade * rng.uniform(0.4, 0.8) * (1 + 0.2 * field(rng, "cloudy", size))[..., None]
    return blended(albedo, lump, share), height + 2.5 * np.clip(lumps, 0, 1)


def round_part(rng: Rng, size: int) -> Surface:
    """A moulded or turned disc with grooves, steps or a face of another colour."""
    colour, shade = draw_colour(rng)
    radius = draw_radius(rng, size, 0.3, 1.1)
    outline = oval(rng, size, radius, 0.0, 2.0 if rng.random() < 0.75 else rng.uniform(3, 6))
    albedo = mottled(plain(shade, size), field(rng, "rough", size), rng.uniform(0, 0.04))
    height = dome(outline, rng.uniform(2, 12), rng.uniform(1, 6)) + field(rng, "rough", size) * rng.uniform(
        0, 0.2
    )
    if rng.random() < 0.35:
        rings = profile(rng, outline, rng.uniform(1, 3))
        albedo, height = mottled(albedo, rings, 0.05), height + 0.15 * rings
    for _ in range(int(rng.integers(0, 4))):
        groove = np.clip(rng.uniform(1.5, 3.5) - np.abs(outline - rng.uniform(4, 0.9 * radius)), 0, 1)
        height, albedo = (
            height + groove * rng.uniform(-2.5, 2),
            mottled(albedo, groove, rng.uniform(-0.3, 0.2)),
        )
    if rng.random() < 0.4:
        step = np.clip(outline - radius * rng.uniform(0.3, 0.8), 0, 1)
        albedo = blended(albedo, draw_colour(rng)[1], step * float(rng.random() < 0.5))
        height = height + step * rng.uniform(-3, 3)
    return lying(rng, outline, albedo, height, rng.uniform(0.05, 0.4), colour)


def pill(rng: Rng, size: int) -> Surface:
    """A pressed tablet: smooth dome, speckles, perhaps a score line."""
    colour, shade = draw_colour(rng, ("white", "white", "beige", "pink", "yellow", "orange", "blue", "green"))
    radius = draw_radius(rng, size, 0.3, 0.9)
    outline = oval(rng, size, radius, 0.2)
    specks = np.clip((field(rng, "rough", size, 1.0) - rng.uniform(1.2, 2.5)) * 3, 0, 1)
    albedo = mottled(plain(shade, size), field(rng, "grain", size), 0.015)
    albedo = blended(
        albedo, draw_colour(rng, ("red", "brown", "white", "blue"))[1], specks * rng.uniform(0, 0.7)
    )
    height = dome(outline, radius * rng.uniform(0.2, 0.6), rng.uniform(4, 14)) + 0.1 * field(
        rng, "rough", size
    )
    if rng.random() < 0.4:
        along, _ = turned(size, random_angle(rng))
        height = height - np.clip(3 - np.abs(along + rng.uniform(-0.2, 0.2) * size), 0, 2)
    return lying(rng, outline, albedo, height, rng.uniform(0.02, 0.25), colour)


def gasket(rng: Rng, size: int) -> Surface:
    """A moulded ring."""
    colour, shade = draw_colour(
        rng, ("black", "dark grey", "grey", "white", "red", "orange", "blue", "green")
    )
    radius = draw_radius(rng, size, 0.35, 1.0)
    outer = oval(rng, size, radius, 0.0, 2.0 if rng.random() < 0.7 else 4.0)
    width = rng.uniform(0.14, 0.4) * radius
    outline = np.minimum(outer, width - outer)
    albedo = mottled(plain(shade, size), field(rng, "rough", size), rng.uniform(0.02, 0.06))
    is_round = rng.random() < 0.6
    height = dome(
        outline, width / 2 if is_round else 3.0, width * rng.uniform(0.15, 0.4) if is_round else 2.0
    )
    height = height + field(rng, "rough", size) * rng.uniform(0.02, 0.3)
    return lying(rng, outline, albedo, height, rng.uniform(0.02, 0.35), colour)


def kernel(rng: Rng, size: int) -> Surface:
    """A nut, bean, seed or fruit: a high dome, streaks from end to end, a paler end."""
    colour, shade = draw_colour(rng, ("brown", "brown", "orange", "beige", "green", "red", "yellow", "black"))
    radius = draw_radius(rng, size, 0.3, 0.8)
    outline = oval(rng, size, radius, rng.uniform(0.3, 2.5))
    u, v = turned(size, random_angle(rng))
    streaks = profile(rng, v + 3 * field(rng, "smooth", size), rng.uniform(1.5, 4))
    albedo = mottled(plain(shade, size), streaks, rng.uniform(0.02, 0.12))
    albedo = mottled(albedo, field(rng, "cloudy", size), rng.uniform(0.02, 0.1))
    end = np.clip((u - rng.uniform(0.1, 0.7) * radius) / 4, 0, 1) * rng.uniform(0, 0.6)
    albedo = blended(albedo, 0.5 * shade + 0.35, end)
    height = dome(outline, radius * rng.uniform(0.6, 0.95), radius * rng.uniform(0.25, 0.45))
    height = height + 0.15 * streaks + field(rng, "smooth", size) * rng.uniform(0, 1)
    return lying(rng, outline, albedo, height, rng.uniform(0.02, 0.35), colour)
