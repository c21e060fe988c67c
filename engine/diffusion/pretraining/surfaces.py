"""Hard materials that fill the picture: wood, plastic, tile, stone, glass."""

import math

import numpy as np

from engine.diffusion.pretraining.colours import blended, draw_colour, mottled, plain
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.noise import Rng, field, profile, random_angle, turned


def wood(rng: Rng, size: int) -> Surface:
    """Annual rings that wander along the grain, and dark pores."""
    colour, shade = draw_colour(rng, ("brown", "beige", "orange", "brown", "beige", "dark grey"))
    angle = random_angle(rng)
    u, v = turned(size, angle)
    wander = rng.uniform(2, 9) * field(rng, "swell", size, 0.8) + rng.uniform(-0.1, 0.1) * u
    knot = np.zeros_like(u)
    if rng.random() < 0.35:
        knot = _knot(rng, u, v, size)
        wander = wander + 14 * knot * np.sign(v)
    rings = np.tanh(0.8 * profile(rng, v + wander, rng.uniform(0.8, 3.0)))
    grain = field(rng, "brushed", size, None, angle)
    pores = np.clip(field(rng, "brushed", size, 0.8, angle) - 1.6, 0, 1)
    dark = shade * np.array([0.72, 0.62, 0.52], np.float32)
    albedo = blended(plain(shade, size), dark, np.clip(0.5 + 0.5 * rings, 0, 1) * rng.uniform(0.3, 1.0))
    albedo = mottled(albedo, grain, rng.uniform(0.03, 0.08)) * (1 - rng.uniform(0, 0.6) * pores)[..., None]
    albedo = albedo * (1 - 0.55 * np.clip(1.5 * knot - 0.4, 0, 1))[..., None]
    height = 0.15 * grain - 0.5 * pores
    return Surface(albedo, height, rng.uniform(0, 0.2), colour, grain=angle, is_fibrous=True)


def _knot(rng: Rng, u: np.ndarray, v: np.ndarray, size: int) -> np.ndarray:
    """Where a branch grew, the rings part and the wood is dark: (S, S) 0..1."""
    along, across = u - rng.uniform(-0.4, 0.4) * size, v - rng.uniform(-0.4, 0.4) * size
    radius = rng.uniform(0.08, 0.2) * size
    return np.exp(-((along / 1.6) ** 2 + across**2) / radius**2)


def plastic(rng: Rng, size: int) -> Surface:
    """Smooth moulded or painted skin: orange peel, fine grain, slow waves."""
    colour, shade = draw_colour(rng)
    albedo = mottled(plain(shade, size), field(rng, "grain", size), rng.uniform(0, 0.025))
    relief = field(rng, "swell", size) * rng.uniform(0, 2.5)
    relief = relief + field(rng, "peel", size, math.exp(rng.uniform(-1.0, 0.2))) * rng.uniform(0, 0.25)
    if rng.random() < 0.4:
        relief = relief + field(rng, "rough", size) * rng.uniform(0.05, 0.3)
    return Surface(albedo, relief, rng.uniform(0.05, 0.45), colour)


def tile(rng: Rng, size: int) -> Surface:
    """Glazed ceramic, plain or speckled, with or without joints."""
    colour, shade = draw_colour(
        rng, ("white", "beige", "grey", "light grey", "blue", "dark grey", "turquoise")
    )
    speckles = field(rng, "grain" if rng.random() < 0.5 else "rough", size, math.exp(rng.uniform(0, 0.8)))
    share = np.clip((speckles - rng.uniform(1.0, 2.4)) * 3, 0, 1) * rng.uniform(0, 0.8)
    albedo = mottled(plain(shade, size), field(rng, "cloudy", size), rng.uniform(0.005, 0.03))
    albedo = blended(albedo, draw_colour(rng, ("brown", "dark grey", "white", "grey"))[1], share)
    relief = field(rng, "smooth", size) * 0.3
    if rng.random() < 0.45:
        joint = _joints(rng, size)
        grout = draw_colour(rng, ("grey", "light grey", "dark grey"))[1]
        rough = field(rng, "grain", size)
        albedo = blended(albedo, grout * (1 + 0.1 * rough)[..., None], joint)
        relief = relief * (1 - joint) + joint * (0.3 * rough - 3)
    return Surface(albedo, relief, rng.uniform(0.1, 0.5), colour)


def _joints(rng: Rng, size: int) -> np.ndarray:
    u, v = turned(size, rng.uniform(-0.2, 0.2))
    pitch, width = rng.uniform(0.5, 1.1) * size, rng.uniform(1.5, 4)
    u_off = np.abs((u + rng.uniform(0, pitch)) % pitch - pitch / 2)
    v_off = np.abs((v + rng.uniform(0, pitch)) % pitch - pitch / 2)
    return np.clip(np.maximum(u_off, v_off) - (pitch / 2 - width), 0, 1)


def stone(rng: Rng, size: int) -> Surface:
    """Concrete, sandstone, or granite with grains of several colours."""
    colour, shade = draw_colour(rng, ("grey", "light grey", "dark grey", "beige", "brown"))
    relief = field(rng, "cloudy", size) + 0.6 * field(rng, "rough", size)
    albedo = mottled(plain(shade, size), field(rng, "rough", size), rng.uniform(0.04, 0.14))
    albedo = mottled(albedo, field(rng, "grain", size), rng.uniform(0.03, 0.1))
    if rng.random() < 0.4:
        for name in ("white", "dark grey"):
            grains = np.clip((field(rng, "rough", size, 1.5) - rng.uniform(0.6, 1.4)) * 4, 0, 1)
            albedo = blended(albedo, draw_colour(rng, (name,))[1], grains * 0.7)
    pores = np.clip(field(rng, "rough", size, 1.3) - rng.uniform(1.6, 2.6), 0, 1)
    albedo = albedo * (1 - 0.6 * pores)[..., None]
    return Surface(np.clip(albedo, 0.03, 1), relief * rng.uniform(0.2, 1.1) - 3 * pores, 0.02, colour)


def glass(rng: Rng, size: int) -> Surface:
    """Clear or tinted panes and bottles: what is behind shines through, soft reflections lie over it."""
    colour, shade = draw_colour(
        rng, ("green", "brown", "dark grey", "blue", "light grey", "turquoise", "black")
    )
    u, v = turned(size, random_angle(rng))
    albedo = mottled(plain(shade * rng.uniform(0.5, 1.0), size), field(rng, "swell", size, 1.2), 0.1)
    for _ in range(int(rng.integers(1, 4))):
        middle, width = rng.uniform(-0.6, 0.6) * size, size * math.exp(rng.uniform(-3.2, -1.2))
        bent = u - middle + rng.uniform(-0.3, 0.3) * v * v / size
        streak = 0.5 - 0.5 * np.tanh((np.abs(bent) - width) / rng.uniform(1.5, 10))
        albedo = blended(albedo, rng.uniform(0.05, 1.0), streak * rng.uniform(0.1, 0.5))
    albedo = mottled(albedo, v / size, rng.uniform(0, 0.5))
    return Surface(albedo, field(rng, "swell", size) * rng.uniform(0.2, 2.5), rng.uniform(0.3, 0.6), colour)
