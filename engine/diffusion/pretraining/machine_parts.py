"""Parts of machines: nuts, gears, screws, cables."""

import math

import numpy as np

from engine.diffusion.pretraining.colours import METALLIC, draw_colour, mottled, plain
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.noise import Rng, field, profile, random_angle, turned
from engine.diffusion.pretraining.objects import dome, draw_radius, lying, pose


def nut(rng: Rng, size: int) -> Surface:
    """A hexagon with a threaded hole."""
    colour, shade = draw_colour(rng, (*METALLIC, "beige", "black"))
    radius = draw_radius(rng, size, 0.35, 0.9)
    x, y = pose(rng, size, radius)
    turn = random_angle(rng)
    sides = [np.abs(turned(size, turn + k * math.pi / 3, x, y)[0]) for k in range(3)]
    u, v = turned(size, turn, x, y)
    from_axis = np.sqrt(u * u + v * v)
    hole = from_axis - radius * rng.uniform(0.4, 0.6)
    outline = np.minimum(radius - np.maximum.reduce(sides), hole)
    height = dome(radius * 1.05 - from_axis, 0.15 * radius, rng.uniform(2, 5))
    thread = np.clip(1 - hole / rng.uniform(3, 8), 0, 1) * np.sin(hole * rng.uniform(1.5, 2.5))
    marks = profile(rng, from_axis, rng.uniform(1, 2.5))
    albedo = mottled(plain(shade, size), marks, rng.uniform(0.01, 0.06))
    albedo = mottled(albedo, thread, 0.25)
    height = height + thread + 0.1 * marks
    return lying(rng, outline, albedo, height, rng.uniform(0.1, 0.4), colour, is_metal=True)


def gear(rng: Rng, size: int) -> Surface:
    """A toothed wheel with a bore, perhaps a step and lightening holes."""
    colour, shade = draw_colour(rng, (*METALLIC, "black", "beige", "white"))
    radius = draw_radius(rng, size, 0.45, 1.1)
    u, v = turned(size, random_angle(rng), *pose(rng, size, radius))
    from_axis, bearing = np.sqrt(u * u + v * v), np.arctan2(v, u)
    teeth, tooth_px = int(rng.integers(12, 36)), radius * rng.uniform(0.06, 0.14)
    flank = np.clip(np.sin(bearing * teeth) * rng.uniform(1.5, 3), -1, 1)
    rim = radius - from_axis + 0.5 * tooth_px * flank
    bore = from_axis - radius * rng.uniform(0.15, 0.4)
    outline = np.minimum(rim, bore)
    marks = profile(rng, from_axis, rng.uniform(1, 2.5))
    albedo = mottled(plain(shade, size), marks, rng.uniform(0.01, 0.06))
    step = np.clip(radius * rng.uniform(0.55, 0.8) - from_axis, 0, 1)
    height = dome(outline, 3, 3) + rng.uniform(-4, 4) * step + 0.1 * marks
    return lying(
        rng, outline, mottled(albedo, step, -0.08), height, rng.uniform(0.05, 0.4), colour, is_metal=True
    )


def screw(rng: Rng, size: int) -> Surface:
    """A threaded rod, perhaps with a plain shank or a head."""
    colour, shade = draw_colour(rng, (*METALLIC, "yellow", "black"))
    radius = size * rng.uniform(0.12, 0.34)
    along, across = turned(size, random_angle(rng), *(float(v) for v in rng.uniform(-0.12, 0.12, 2) * size))
    pitch = radius * rng.uniform(0.22, 0.5)
    phase = (along + 0.25 * pitch * across / radius) / pitch
    thread = np.abs(2 * (phase - np.floor(phase)) - 1)
    threaded = np.clip(along + rng.uniform(-0.8, 0.4) * size, 0, 1)
    head = np.clip(rng.uniform(-0.8, -0.2) * size - along, 0, 1) if rng.random() < 0.4 else 0 * along
    wide = radius * (1 + 0.8 * head) - (1 - thread) * 0.16 * radius * threaded
    outline = wide - np.abs(across)
    round_top = np.sqrt(np.clip(1 - (across / np.maximum(wide, 1)) ** 2, 0, 1))
    height = radius * 0.8 * round_top + 0.3 * radius * thread * threaded * round_top
    albedo = mottled(plain(shade, size), field(rng, "rough", size), rng.uniform(0.01, 0.05))
    albedo = albedo * (1 - 0.35 * (1 - thread) * threaded)[..., None]
    return lying(rng, outline, albedo, height, rng.uniform(0.15, 0.4), colour, is_metal=True)


def cables(rng: Rng, size: int) -> Surface:
    """Insulated wires side by side, each of a colour."""
    radius, count = size * math.exp(rng.uniform(-3.1, -1.9)), int(rng.integers(1, 8))
    along, across = turned(size, random_angle(rng))
    across = across + rng.uniform(0, 0.08) * size * np.sin(
        along * (2 * math.pi / (size * rng.uniform(1.2, 3)))
    )
    spacing = 2 * radius * rng.uniform(0.98, 1.3)
    index = np.clip(np.round(across / spacing), -(count // 2), (count - 1) // 2)
    off = across - index * spacing
    outline = radius - np.abs(off)
    colour, first = draw_colour(rng)
    shades = [first if count < 3 or rng.random() < 0.4 else draw_colour(rng)[1] for _ in range(count)]
    shades[count // 2] = first
    albedo = np.array(shades, np.float32)[(index + count // 2).astype(int)]
    albedo = mottled(albedo, field(rng, "rough", size), rng.uniform(0.01, 0.05))
    height = rng.uniform(0.6, 1.0) * np.sqrt(np.clip(radius**2 - off**2, 0, None))
    if rng.random() < 0.3:
        twist = np.sin((along + 1.5 * off) * (2 * math.pi / (radius * rng.uniform(0.8, 2))))
        height, albedo = height + 0.12 * radius * twist, mottled(albedo, twist, 0.12)
    return lying(rng, outline, albedo, height, rng.uniform(0.05, 0.4), colour)
