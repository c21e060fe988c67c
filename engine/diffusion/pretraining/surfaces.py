"""Materials that fill the picture: metal, cloth, leather, wood, plastic, tile, stone, mesh."""

import math

import numpy as np

from engine.diffusion.pretraining.colours import METALLIC, draw_colour
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.noise import field, profile, random_angle, turned

Rng = np.random.Generator


def plain(colour: np.ndarray, size: int) -> np.ndarray:
    """Return an even (size, size, 3) albedo of one (3,) colour."""
    return np.full((size, size, 3), colour, np.float32)


def mottled(albedo: np.ndarray, pattern: np.ndarray, amount: float) -> np.ndarray:
    """Brighten (S, S, 3) albedo by `amount` where the (S, S) pattern is 1, darken where it is −1."""
    return albedo * (1 + amount * pattern)[..., None]


def blended(albedo: np.ndarray, colour: np.ndarray | float, share: np.ndarray) -> np.ndarray:
    """Mix `colour`, a grey, (3,) or (S, S, 3), over the albedo: `share` (S, S), 0 keeps, 1 replaces."""
    return albedo + (colour - albedo) * share[..., None]


def brushed_metal(rng: Rng, size: int) -> Surface:
    """Fine parallel grinding marks, sometimes a few deeper ones."""
    colour, shade = draw_colour(rng, METALLIC)
    angle, zoom = random_angle(rng), math.exp(rng.uniform(-0.3, 0.9))
    marks = field(rng, "brushed", size, zoom, angle)
    albedo = mottled(plain(shade, size), marks, rng.uniform(0.03, 0.13))
    albedo = mottled(albedo, field(rng, "smooth", size), 0.03)
    return Surface(albedo, marks * rng.uniform(0.05, 0.35), rng.uniform(0.1, 0.5), colour, is_metal=True)


def turned_metal(rng: Rng, size: int) -> Surface:
    """Concentric tool marks with the bow-tie highlight of a face turned on a lathe."""
    colour, shade = draw_colour(rng, METALLIC)
    x, y = rng.uniform(-0.9, 0.9, 2) * size
    u, v = turned(size, random_angle(rng), float(x), float(y))
    radius = np.sqrt(u * u + v * v) + 0.5
    marks = profile(rng, radius, rng.uniform(1.0, 3.0)) + 0.3 * field(rng, "grain", size)
    bow_tie = np.abs(u / radius) ** rng.uniform(2, 8)
    albedo = mottled(plain(shade * 0.85, size), marks, rng.uniform(0.03, 0.09))
    albedo = mottled(albedo, bow_tie, rng.uniform(0.1, 0.45))
    return Surface(albedo, marks * rng.uniform(0.05, 0.25), rng.uniform(0.05, 0.3), colour, is_metal=True)


def cast_metal(rng: Rng, size: int) -> Surface:
    """The grainy skin of a sand casting."""
    colour, shade = draw_colour(rng, ("grey", "dark grey", "black", "light grey"))
    bumps = field(rng, "rough", size) * rng.uniform(0.2, 0.8) + field(rng, "cloudy", size)
    albedo = mottled(plain(shade, size), field(rng, "cloudy", size), rng.uniform(0.02, 0.1))
    return Surface(albedo, bumps * rng.uniform(0.2, 1.0), rng.uniform(0.05, 0.35), colour, is_metal=True)


def magnetic_tile(rng: Rng, size: int) -> Surface:
    """Matt grey ceramic with faint drawn lines, blotches and an uneven light; now and then its dark edge."""
    colour, shade = draw_colour(rng, ("grey", "dark grey", "grey", "black"))
    grey = np.full(3, shade.mean(), np.float32)
    angle = rng.normal(math.pi / 2, 0.03) if rng.random() < 0.8 else random_angle(rng)
    lines = field(rng, "lines", size, math.exp(rng.uniform(-0.2, 0.8)), angle)
    shading = rng.uniform(0.05, 0.2) * field(rng, "swell", size, 1.3) + 0.06 * field(rng, "smooth", size)
    albedo = plain(grey, size) * (1 + shading)[..., None]
    albedo = mottled(albedo, lines, rng.uniform(0.02, 0.09))
    albedo = mottled(albedo, field(rng, "grain", size), rng.uniform(0.01, 0.04))
    bright_dots = np.clip(field(rng, "grain", size) - 3.0, 0, 1)
    albedo = mottled(albedo, bright_dots, rng.uniform(0, 0.8))
    if rng.random() < 0.3:
        along, _ = turned(size, angle + math.pi / 2)
        inside = along + rng.uniform(0.2, 0.45) * size + field(rng, "smooth", size)
        albedo = albedo * np.clip(0.25 + inside / 3, 0.2, 1)[..., None]
        albedo = mottled(albedo, np.exp(-(((inside - 5) / 2) ** 2)), rng.uniform(0, 0.5))
    return Surface(np.clip(albedo, 0.02, 1), lines * 0.08, rng.uniform(0, 0.06), colour, is_grey=True)


def fabric(rng: Rng, size: int) -> Surface:
    """Plain or twill weave of uneven yarns."""
    colour, shade = draw_colour(rng)
    pitch, wander = math.exp(rng.uniform(1.2, 2.3)), 0.5 * field(rng, "smooth", size)
    u, v = turned(size, random_angle(rng))
    u, v = (u + wander) / pitch, (v + wander) / pitch
    column, row = np.floor(u), np.floor(v)
    repeat = rng.integers(2, 5)
    warp_on_top = (column + row) % repeat < repeat / 2
    across_u, across_v = 1 - (2 * (u - column) - 1) ** 2, 1 - (2 * (v - row) - 1) ** 2
    warp_relief = across_u**0.6 * (0.6 + 0.4 * across_v)
    weft_relief = across_v**0.6 * (0.5 + 0.4 * across_u)
    relief = np.where(warp_on_top, warp_relief, weft_relief)
    yarns = np.where(warp_on_top, profile(rng, column, 1.0), profile(rng, row, 1.0))
    weft = draw_colour(rng)[1] if rng.random() < 0.15 else shade * rng.uniform(0.75, 1.2)
    albedo = blended(plain(shade, size), weft, np.where(warp_on_top, np.float32(0), np.float32(1)))
    albedo = albedo * (0.55 + 0.5 * relief + 0.06 * yarns + 0.05 * field(rng, "grain", size))[..., None]
    return Surface(albedo, relief * pitch * rng.uniform(0.08, 0.22), 0.02, colour, is_fibrous=True)


def leather(rng: Rng, size: int) -> Surface:
    """Cells parted by creases."""
    colour, shade = draw_colour(rng, ("brown", "black", "beige", "red", "grey", "dark grey", "white", "blue"))
    cells = np.clip(field(rng, "cells", size, math.exp(rng.uniform(-0.7, 0.5))), 0, 0.8)
    relief = 0.3 * field(rng, "cloudy", size) - 4 * cells**1.5
    albedo = mottled(plain(shade, size), relief + 1, rng.uniform(0.02, 0.1))
    albedo = mottled(albedo, field(rng, "smooth", size), rng.uniform(0.02, 0.08))
    return Surface(albedo, relief * rng.uniform(0.3, 1.1), rng.uniform(0.05, 0.3), colour, is_fibrous=True)


def wood(rng: Rng, size: int) -> Surface:
    """Annual rings that wander along the grain, and dark pores."""
    colour, shade = draw_colour(rng, ("brown", "beige", "orange", "brown", "beige", "dark grey"))
    angle = random_angle(rng)
    u, v = turned(size, angle)
    wander = rng.uniform(2, 9) * field(rng, "swell", size, 0.8) + rng.uniform(-0.1, 0.1) * u
    rings = np.tanh(0.8 * profile(rng, v + wander, rng.uniform(0.8, 3.0)))
    grain = field(rng, "brushed", size, None, angle)
    pores = np.clip(field(rng, "brushed", size, 0.8, angle) - 1.6, 0, 1)
    dark = shade * np.array([0.72, 0.62, 0.52], np.float32)
    albedo = blended(plain(shade, size), dark, np.clip(0.5 + 0.5 * rings, 0, 1) * rng.uniform(0.3, 1.0))
    albedo = mottled(albedo, grain, rng.uniform(0.03, 0.08)) * (1 - rng.uniform(0, 0.6) * pores)[..., None]
    return Surface(albedo, 0.15 * grain - 0.5 * pores, rng.uniform(0, 0.2), colour, is_fibrous=True)


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


def knurled_metal(rng: Rng, size: int) -> Surface:
    """Rows of pyramids pressed into metal."""
    colour, shade = draw_colour(rng, METALLIC)
    pitch, half_angle, turn = math.exp(rng.uniform(1.9, 2.9)), rng.uniform(0.5, 0.8), random_angle(rng)
    wear = 0.3 * field(rng, "smooth", size)
    ridges = []
    for side in (-half_angle, half_angle):
        u, _ = turned(size, turn + side)
        ridges.append(1 - np.abs(2 * ((u + wear) / pitch % 1) - 1))
    relief = np.minimum(*ridges)
    relief = np.minimum(relief, rng.uniform(0.55, 1.0))
    albedo = mottled(plain(shade, size), field(rng, "rough", size), 0.05)
    albedo = albedo * (0.6 + 0.45 * relief)[..., None]
    relief = relief * pitch * rng.uniform(0.15, 0.35) + 0.1 * field(rng, "rough", size)
    return Surface(albedo, relief, rng.uniform(0.1, 0.4), colour, is_metal=True)


def mesh(rng: Rng, size: int) -> Surface:
    """Woven wires over a dark or light ground."""
    colour, shade = draw_colour(rng)
    ground = draw_colour(rng, ("black", "dark grey", "black", "white", "grey"))[1]
    pitch = math.exp(rng.uniform(2.1, 3.2))
    radius = rng.uniform(0.16, 0.34) * pitch
    u, v = turned(size, random_angle(rng))
    wander = 0.4 * field(rng, "smooth", size)
    wires = [_wire(u + wander, v, pitch, radius, 0.0), _wire(v + wander, u, pitch, radius, 1.0)]
    height = np.maximum(*wires)
    share = np.clip(height / radius * 2 + 1.5, 0, 1)
    wire = mottled(plain(shade, size), field(rng, "rough", size), 0.05)
    albedo = blended(plain(ground, size), wire, share)
    return Surface(albedo, np.maximum(height, -radius), rng.uniform(0.05, 0.4), colour, is_fibrous=True)


def _wire(across: np.ndarray, along: np.ndarray, pitch: float, radius: float, phase: float) -> np.ndarray:
    """Return the height of parallel woven wires: (S, S) px, −2 radius where there is none."""
    index = np.floor(across / pitch)
    off = across - (index + 0.5) * pitch
    weave = np.cos(math.pi * (along / pitch - 0.5 + index + phase)) * radius * 0.7
    round_top = np.sqrt(np.clip(radius * radius - off * off, 0, None))
    return np.where(np.abs(off) < radius, round_top + weave, -2 * radius)


def perforated_sheet(rng: Rng, size: int) -> Surface:
    """A flat sheet with staggered round or square holes."""
    colour, shade = draw_colour(rng, (*METALLIC, "black", "blue", "beige"))
    pitch = math.exp(rng.uniform(2.3, 3.4))
    u, v = turned(size, random_angle(rng))
    row = np.floor(v / (pitch * 0.87))
    off_u = (u + 0.5 * pitch * (row % 2)) % pitch - pitch / 2
    off_v = v - (row + 0.5) * pitch * 0.87
    is_square = rng.random() < 0.25
    distance = np.maximum(np.abs(off_u), np.abs(off_v)) if is_square else np.sqrt(off_u**2 + off_v**2)
    hole = np.clip(rng.uniform(0.22, 0.36) * pitch - distance + 0.5, 0, 1)
    marks = field(rng, "brushed", size)
    albedo = mottled(plain(shade, size), marks, rng.uniform(0.01, 0.06))
    albedo = blended(albedo, rng.uniform(0.02, 0.2), hole)
    return Surface(albedo, 0.1 * marks - 3 * hole, rng.uniform(0.05, 0.3), colour, is_metal=True)
