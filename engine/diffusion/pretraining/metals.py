"""Metals that fill the picture: brushed, turned, milled, cast, galvanised, painted, knurled, perforated; ferrite."""

import math

import numpy as np

from engine.diffusion.pretraining.colours import METALLIC, blended, draw_colour, mottled, plain
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.noise import Rng, field, profile, random_angle, turned


def brushed_metal(rng: Rng, size: int) -> Surface:
    """Fine parallel grinding marks, sometimes a few deeper ones."""
    colour, shade = draw_colour(rng, METALLIC)
    angle, zoom = random_angle(rng), math.exp(rng.uniform(-0.3, 0.9))
    marks = field(rng, "brushed", size, zoom, angle)
    albedo = mottled(plain(shade, size), marks, rng.uniform(0.03, 0.13))
    albedo = mottled(albedo, field(rng, "smooth", size), 0.03)
    return Surface(
        albedo, marks * rng.uniform(0.05, 0.35), rng.uniform(0.1, 0.5), colour, grain=angle, is_metal=True
    )


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
    return Surface(
        np.clip(albedo, 0.02, 1), lines * 0.08, rng.uniform(0, 0.06), colour, grain=angle, is_grey=True
    )


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


def milled_metal(rng: Rng, size: int) -> Surface:
    """Overlapping arcs that a face mill leaves, or rows of a ball end mill."""
    colour, shade = draw_colour(rng, METALLIC)
    angle, radius = random_angle(rng), size * math.exp(rng.uniform(-0.9, 0.7))
    u, v = turned(size, angle, 0.0, float(rng.uniform(-0.3, 0.3)) * size)
    within = np.clip(1 - (v / radius) ** 2, 0.02, 1)
    forward = u - radius * np.sqrt(within)
    pitch = math.exp(rng.uniform(0.7, 2.0))
    marks = 0.6 * np.sin(forward * (2 * math.pi / pitch)) + 0.7 * profile(rng, forward, rng.uniform(0.8, 2))
    if rng.random() < 0.5:
        returning = profile(rng, u + radius * np.sqrt(within), rng.uniform(0.8, 2))
        marks = np.where(field(rng, "swell", size) > 0, marks, 0.6 * marks + 0.6 * returning)
    albedo = mottled(plain(shade, size), marks, rng.uniform(0.03, 0.1))
    albedo = mottled(albedo, field(rng, "smooth", size), 0.04)
    return Surface(albedo, marks * rng.uniform(0.08, 0.35), rng.uniform(0.1, 0.45), colour, is_metal=True)


def galvanised_metal(rng: Rng, size: int) -> Surface:
    """Zinc spangle: crystals, each with a brightness and a faint grain of its own."""
    colour, shade = draw_colour(rng, METALLIC)
    crystals = field(rng, "facets", size, math.exp(rng.uniform(-0.6, 0.5)))
    angle, other = rng.uniform(0, math.pi, 2)
    grain = np.where(
        crystals > 0, field(rng, "brushed", size, 0.7, angle), field(rng, "brushed", size, 0.7, other)
    )
    albedo = mottled(plain(shade, size), crystals, rng.uniform(0.04, 0.16))
    albedo = mottled(albedo, grain, rng.uniform(0.01, 0.04))
    albedo = mottled(albedo, field(rng, "cloudy", size), 0.02)
    gloss = np.clip(rng.uniform(0.1, 0.35) * (1 + 0.5 * crystals), 0, 1)
    return Surface(albedo, 0.08 * grain, gloss, colour, is_metal=True)


def painted_metal(rng: Rng, size: int) -> Surface:
    """Lacquered, powder-coated or anodised: orange peel, metal flakes, a sheen that fades across it, an edge."""
    colour, shade = draw_colour(rng)
    flakes = np.clip(field(rng, "grain", size, 0.8) - rng.uniform(0.8, 2.5), 0, 2)
    albedo = mottled(plain(shade, size), flakes, rng.uniform(0, 0.3))
    u, v = turned(size, random_angle(rng))
    albedo = mottled(albedo, u / size, rng.uniform(0, 0.5))
    peel = field(rng, "peel", size, math.exp(rng.uniform(-1.3, -0.2)))
    height = peel * rng.uniform(0.05, 0.35) + field(rng, "swell", size) * rng.uniform(0, 3)
    if rng.random() < 0.35:
        edge = rng.uniform(-0.35, 0.35) * size
        height = height + rng.uniform(-6, 6) * 0.5 * (1 + np.tanh((v - edge) / rng.uniform(4, 12)))
    gloss = np.clip(rng.uniform(0.15, 0.5) * (1 + rng.uniform(-0.8, 0.8) * v / size), 0, 1)
    return Surface(albedo, height, gloss, colour, is_metal=rng.random() < 0.5)
