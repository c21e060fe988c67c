"""Objects that lie on a backdrop: biscuits, turned parts, nuts, pills, gaskets, brush heads."""

import math
from dataclasses import replace

import cv2
import numpy as np

from engine.diffusion.pretraining.colours import METALLIC, draw_colour
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.noise import field, profile, random_angle, turned
from engine.diffusion.pretraining.surfaces import Rng, blended, mottled, plain

TUFT_FIBRES = 44
BAKED = np.array([0.74, 0.55, 0.33], np.float32)


def backdrop(rng: Rng, size: int) -> np.ndarray:
    """Draw what objects lie on, mostly dark: (size, size, 3)."""
    names = ("black", "black", "dark grey", "dark grey", "grey", "white", "blue", "light grey")
    _, shade = draw_colour(rng, names)
    albedo = mottled(plain(shade, size), field(rng, "smooth", size), 0.06)
    return np.clip(mottled(albedo, field(rng, "grain", size), rng.uniform(0.01, 0.08)), 0.02, 1)


def _pose(rng: Rng, size: int, radius: float) -> tuple[float, float]:
    """Place an object so that a good part of it shows: its centre from the picture's, px."""
    away = random_angle(rng)
    farthest = max(radius - 0.1 * size, 0.1 * size) if radius > 0.4 * size else 0.15 * size
    distance = farthest * rng.random() ** 0.6
    return distance * math.cos(away), distance * math.sin(away)


def _lying(
    rng: Rng,
    outline: np.ndarray,
    albedo: np.ndarray,
    height: np.ndarray,
    gloss: float,
    colour: str,
    is_metal: bool = False,
    is_fibrous: bool = False,
) -> Surface:
    """Lay an object on a backdrop."""
    behind = backdrop(rng, outline.shape[0])
    surface = Surface(albedo, height, gloss, colour, outline=outline, backdrop=behind)
    return replace(surface, is_metal=is_metal, is_fibrous=is_fibrous)


def _oval(rng: Rng, size: int, radius: float, roughness: float, power: float = 2.0) -> np.ndarray:
    """Draw an oval (`power` 2) or rounded box (more): the distance to its rim, px, positive inside."""
    x, y = _pose(rng, size, radius)
    u, v = turned(size, random_angle(rng), x, y)
    u, v = np.abs(u), np.abs(v) * np.float32(1 / rng.uniform(0.75, 1.0))
    distance = np.sqrt(u * u + v * v) if power == 2 else (u**power + v**power) ** np.float32(1 / power)
    wobble = field(rng, "smooth", size) + 0.25 * field(rng, "cloudy", size)
    return radius - distance + roughness * wobble


def _dome(outline: np.ndarray, width: float, height: float) -> np.ndarray:
    """Round an object off towards its rim: rises to `height` px over `width` px, as a quarter circle."""
    slope = np.clip(outline / width, 0, 1)
    return height * np.sqrt(slope * (2 - slope))


def biscuit(rng: Rng, size: int) -> Surface:
    """A baked disc: crumb, browning, wrinkles; with or without dark inclusions."""
    colour, shade = draw_colour(rng, ("beige", "brown", "orange", "beige"))
    shade = 0.7 * shade + 0.3 * BAKED
    radius = rng.uniform(0.32, 1.2) * size
    outline = _oval(rng, size, radius, rng.uniform(0.8, 4.0), 2.0 if rng.random() < 0.8 else 4.0)
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
    height = height + _dome(outline, rng.uniform(8, 30), rng.uniform(4, 12))
    return _lying(rng, outline, albedo, height, 0.03, colour)


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
    radius = rng.uniform(0.3, 1.1) * size
    outline = _oval(rng, size, radius, 0.0, 2.0 if rng.random() < 0.75 else rng.uniform(3, 6))
    albedo = mottled(plain(shade, size), field(rng, "rough", size), rng.uniform(0, 0.04))
    height = _dome(outline, rng.uniform(2, 12), rng.uniform(1, 6)) + field(rng, "rough", size) * rng.uniform(
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
    return _lying(rng, outline, albedo, height, rng.uniform(0.05, 0.4), colour)


def nut(rng: Rng, size: int) -> Surface:
    """A hexagon with a threaded hole."""
    colour, shade = draw_colour(rng, (*METALLIC, "beige", "black"))
    radius = rng.uniform(0.35, 0.9) * size
    x, y = _pose(rng, size, radius)
    turn = random_angle(rng)
    sides = [np.abs(turned(size, turn + k * math.pi / 3, x, y)[0]) for k in range(3)]
    u, v = turned(size, turn, x, y)
    from_axis = np.sqrt(u * u + v * v)
    hole = from_axis - radius * rng.uniform(0.4, 0.6)
    outline = np.minimum(radius - np.maximum.reduce(sides), hole)
    height = _dome(radius * 1.05 - from_axis, 0.15 * radius, rng.uniform(2, 5))
    thread = np.clip(1 - hole / rng.uniform(3, 8), 0, 1) * np.sin(hole * rng.uniform(1.5, 2.5))
    marks = profile(rng, from_axis, rng.uniform(1, 2.5))
    albedo = mottled(plain(shade, size), marks, rng.uniform(0.01, 0.06))
    albedo = mottled(albedo, thread, 0.25)
    height = height + thread + 0.1 * marks
    return _lying(rng, outline, albedo, height, rng.uniform(0.1, 0.4), colour, is_metal=True)


def pill(rng: Rng, size: int) -> Surface:
    """A pressed tablet: smooth dome, speckles, perhaps a score line."""
    colour, shade = draw_colour(rng, ("white", "white", "beige", "pink", "yellow", "orange", "blue", "green"))
    radius = rng.uniform(0.3, 0.9) * size
    outline = _oval(rng, size, radius, 0.2)
    specks = np.clip((field(rng, "rough", size, 1.0) - rng.uniform(1.2, 2.5)) * 3, 0, 1)
    albedo = mottled(plain(shade, size), field(rng, "grain", size), 0.015)
    albedo = blended(
        albedo, draw_colour(rng, ("red", "brown", "white", "blue"))[1], specks * rng.uniform(0, 0.7)
    )
    height = _dome(outline, radius * rng.uniform(0.2, 0.6), rng.uniform(4, 14)) + 0.1 * field(
        rng, "rough", size
    )
    if rng.random() < 0.4:
        along, _ = turned(size, random_angle(rng))
        height = height - np.clip(3 - np.abs(along + rng.uniform(-0.2, 0.2) * size), 0, 2)
    return _lying(rng, outline, albedo, height, rng.uniform(0.02, 0.25), colour)


def gasket(rng: Rng, size: int) -> Surface:
    """A moulded ring."""
    colour, shade = draw_colour(
        rng, ("black", "dark grey", "grey", "white", "red", "orange", "blue", "green")
    )
    radius = rng.uniform(0.35, 1.0) * size
    outer = _oval(rng, size, radius, 0.0, 2.0 if rng.random() < 0.7 else 4.0)
    width = rng.uniform(0.14, 0.4) * radius
    outline = np.minimum(outer, width - outer)
    albedo = mottled(plain(shade, size), field(rng, "rough", size), rng.uniform(0.02, 0.06))
    is_round = rng.random() < 0.6
    height = _dome(
        outline, width / 2 if is_round else 3.0, width * rng.uniform(0.15, 0.4) if is_round else 2.0
    )
    height = height + field(rng, "rough", size) * rng.uniform(0.02, 0.3)
    return _lying(rng, outline, albedo, height, rng.uniform(0.02, 0.35), colour)


def studded_part(rng: Rng, size: int) -> Surface:
    """A part with staggered studs or blind holes, often of another colour."""
    colour, shade = draw_colour(rng)
    outline = _oval(rng, size, rng.uniform(0.35, 1.1) * size, 0.0, rng.uniform(2, 5))
    pitch = rng.uniform(9, 24)
    u, v = turned(size, random_angle(rng))
    row = np.floor(v / pitch)
    off_u = (u + pitch / 2 * (row % 2)) % pitch - pitch / 2
    off_v = v - (row + 0.5) * pitch
    ball = rng.uniform(0.25, 0.42) * pitch - np.sqrt(off_u**2 + off_v**2)
    share = np.clip(ball + 0.5, 0, 1) * np.clip(outline / 4 - 1, 0, 1)
    stud = draw_colour(rng)[1] if rng.random() < 0.6 else shade * rng.uniform(0.5, 1.2)
    albedo = blended(mottled(plain(shade, size), field(rng, "rough", size), 0.03), stud, share)
    height = _dome(outline, 5, 3) + _dome(ball, 4, rng.uniform(-3, 3)) * share
    return _lying(rng, outline, albedo, height, rng.uniform(0.05, 0.4), colour)


def brush_head(rng: Rng, size: int) -> Surface:
    """Rows of bristle tufts, white and coloured, on a pale glossy head."""
    colour, bristle = draw_colour(
        rng, ("blue", "red", "yellow", "green", "orange", "purple", "black", "turquoise")
    )
    _, pale = draw_colour(rng, ("white", "light grey", "beige", "white"))
    if rng.random() < 0.4:
        pale = pale + (bristle - pale) * np.float32(rng.uniform(0.1, 0.5))
    outline = _oval(rng, size, rng.uniform(0.4, 1.3) * size, 0.0, rng.uniform(2, 5))
    pitch = rng.uniform(0.12, 0.24) * size
    albedo, height = plain(pale, size), _dome(outline, rng.uniform(6, 16), rng.uniform(3, 8))
    paint, relief = _tufts(rng, outline, pitch, (bristle, draw_colour(rng, ("white",))[1]))
    cover = np.clip(relief * 2, 0, 1)
    crowded = cv2.GaussianBlur(cover, (0, 0), 0.12 * pitch)
    albedo = albedo * (1 - 0.45 * crowded)[..., None]
    albedo, height = blended(albedo, paint, cover), height + 2.5 * relief + 1.5 * cover
    return _lying(rng, outline, albedo, height, rng.uniform(0.05, 0.25), colour, is_fibrous=True)


def _tufts(
    rng: Rng, outline: np.ndarray, pitch: float, colours: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the fibres of all tufts seen from above: their colours (S, S, 3) and heights (S, S) 0..1."""
    size = outline.shape[0]
    canvas, relief = np.zeros((size, size, 3), np.uint8), np.zeros((size, size), np.uint8)
    turn = random_angle(rng)
    reach = int(size / pitch) + 1
    for row in range(-reach, reach + 1):
        for column in range(-reach, reach + 1):
            across, along = (column + 0.5 * (row % 2)) * pitch, row * pitch
            x = size / 2 + across * math.cos(turn) - along * math.sin(turn)
            y = size / 2 + across * math.sin(turn) + along * math.cos(turn)
            if 0 <= x < size and 0 <= y < size and outline[int(y), int(x)] > 0.3 * pitch:
                _draw_tuft(rng, canvas, relief, (x, y), 0.42 * pitch, colours[row % 2])
    return canvas.astype(np.float32) / np.float32(255), relief.astype(np.float32) / np.float32(255)


def _draw_tuft(
    rng: Rng,
    canvas: np.ndarray,
    relief: np.ndarray,
    centre: tuple[float, float],
    radius: float,
    colour: np.ndarray,
) -> None:
    """Draw one tuft, in place: a dark root, and fibres that lean outwards over it, the low ones first."""
    root = [round(16 * v) for v in centre]
    cv2.circle(canvas, root, round(14 * radius), (255 * 0.4 * colour).tolist(), -1, cv2.LINE_AA, 4)
    cv2.circle(relief, root, round(14 * radius), 90, -1, cv2.LINE_AA, 4)
    angles = rng.uniform(0, 2 * math.pi, TUFT_FIBRES)
    leans = angles + rng.normal(0, 0.7, TUFT_FIBRES)
    inner = radius * 0.8 * np.sqrt(rng.random((TUFT_FIBRES, 1)))
    lengths = radius * rng.uniform(0.2, 0.55, (TUFT_FIBRES, 1))
    starts = np.array(centre) + inner * np.stack([np.cos(angles), np.sin(angles)], 1)
    ends = starts + lengths * np.stack([np.cos(leans), np.sin(leans)], 1)
    levels = np.linspace(0.45, 1.0, TUFT_FIBRES)
    paints = np.clip(255 * colour * rng.uniform(0.6, 1.25, (TUFT_FIBRES, 1)), 0, 255).tolist()
    width = max(1, round(radius / 9))
    points = (np.stack([starts, ends], 1) * 16).astype(int).tolist()
    for (start, end), paint, level in zip(points, paints, levels.tolist(), strict=True):
        cv2.line(canvas, start, end, paint, width, cv2.LINE_AA, 4)
        cv2.line(relief, start, end, 255 * level, width, cv2.LINE_AA, 4)
