"""Soft and fibrous materials that fill the picture: woven, knitted, leather, foam, cardboard, mesh."""

import math

import numpy as np

from engine.diffusion.pretraining.colours import blended, draw_colour, mottled, plain
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.noise import Rng, field, profile, random_angle, turned


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
    if rng.random() < 0.3:
        albedo = blended(albedo, draw_colour(rng)[1], _pattern(rng, column, row))
    albedo = albedo * (0.55 + 0.5 * relief + 0.06 * yarns + 0.05 * field(rng, "grain", size))[..., None]
    return Surface(albedo, relief * pitch * rng.uniform(0.08, 0.22), 0.02, colour, is_fibrous=True)


def _pattern(rng: Rng, column: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Stripes, checks or dots of coloured yarns: (S, S), 0 or 1."""
    repeat = int(rng.integers(4, 14))
    wide = int(rng.integers(1, repeat // 2 + 1))
    across, along = column % repeat < wide, row % repeat < wide
    patterns = (across, across ^ along, across & along, (column + row) % repeat < wide)
    return patterns[rng.integers(len(patterns))].astype(np.float32)


def knit(rng: Rng, size: int) -> Surface:
    """Columns of V-shaped stitches."""
    colour, shade = draw_colour(rng)
    pitch = math.exp(rng.uniform(1.8, 2.8))
    u, v = turned(size, random_angle(rng))
    wander = 0.8 * field(rng, "smooth", size)
    u, v = (u + wander) / pitch, (v + wander) / (pitch * rng.uniform(0.6, 0.9))
    from_middle = np.abs(u - np.floor(u) - 0.5)
    stitch = v + 1.3 * from_middle
    row = np.floor(stitch)
    loop = 1 - (2 * (stitch - row) - 1) ** 2
    relief = np.sqrt(np.clip(loop, 0, 1)) * np.clip(
        np.sin(math.pi * np.clip(2 * from_middle, 0.08, 0.95)) + 0.2, 0, 1
    )
    albedo = plain(shade, size)
    if rng.random() < 0.3:
        albedo = blended(albedo, draw_colour(rng)[1], _pattern(rng, np.floor(u), row))
    fuzz = 0.08 * field(rng, "grain", size) + 0.05 * field(rng, "rough", size)
    albedo = albedo * (0.5 + 0.55 * relief + fuzz)[..., None]
    return Surface(albedo, relief * pitch * rng.uniform(0.12, 0.25), 0.02, colour, is_fibrous=True)


def foam(rng: Rng, size: int) -> Surface:
    """Open or closed cells, from sponge to polystyrene beads."""
    colour, shade = draw_colour(rng, ("white", "yellow", "beige", "grey", "black", "blue", "green", "pink"))
    cells = field(rng, "cells", size, math.exp(rng.uniform(-0.6, 0.9)))
    bulge = np.clip(1 - (cells / rng.uniform(0.55, 0.8)) ** 2, 0, 1)
    is_open = rng.random() < 0.5
    relief = -bulge if is_open else bulge
    albedo = mottled(plain(shade, size), field(rng, "rough", size), 0.05)
    albedo = (
        albedo * (1 + (0.35 if is_open else 0.15) * (relief + 0.2 * is_open - 0.6 * (not is_open)))[..., None]
    )
    height = relief * rng.uniform(1, 3.5) + 0.2 * field(rng, "rough", size)
    return Surface(albedo, height, rng.uniform(0, 0.1), colour, is_fibrous=True)


def cardboard(rng: Rng, size: int) -> Surface:
    """Paper or corrugated board: fibres, flecks, faint flutes."""
    colour, shade = draw_colour(rng, ("brown", "beige", "white", "grey", "beige"))
    angle = random_angle(rng)
    fibres = field(rng, "brushed", size, rng.uniform(0.2, 0.4), angle)
    flecks = np.clip(field(rng, "rough", size, 0.7) - rng.uniform(1.6, 2.6), 0, 1)
    albedo = mottled(plain(shade, size), field(rng, "cloudy", size), rng.uniform(0.02, 0.06))
    albedo = mottled(albedo, fibres, rng.uniform(0.01, 0.035)) * (1 - 0.4 * flecks)[..., None]
    height = 0.12 * fibres + 0.1 * field(rng, "grain", size) + rng.uniform(0, 1) * field(rng, "swell", size)
    if rng.random() < 0.5:
        flutes, _ = turned(size, angle + math.pi / 2)
        wave = np.sin(flutes * (2 * math.pi / rng.uniform(8, 20)))
        height, albedo = height + rng.uniform(0.2, 0.8) * wave, mottled(albedo, wave, rng.uniform(0, 0.05))
    return Surface(albedo, height, rng.uniform(0, 0.06), colour, grain=angle, is_fibrous=True)


def leather(rng: Rng, size: int) -> Surface:
    """Cells parted by creases."""
    colour, shade = draw_colour(rng, ("brown", "black", "beige", "red", "grey", "dark grey", "white", "blue"))
    cells = np.clip(field(rng, "cells", size, math.exp(rng.uniform(-0.7, 0.5))), 0, 0.8)
    relief = 0.3 * field(rng, "cloudy", size) - 4 * cells**1.5
    albedo = mottled(plain(shade, size), relief + 1, rng.uniform(0.02, 0.1))
    albedo = mottled(albedo, field(rng, "smooth", size), rng.uniform(0.02, 0.08))
    return Surface(albedo, relief * rng.uniform(0.3, 1.1), rng.uniform(0.05, 0.3), colour, is_fibrous=True)


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
