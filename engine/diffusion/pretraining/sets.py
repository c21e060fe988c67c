"""Objects set with like elements: brushes with tufts, parts with studs, trays and rows of pellets."""

import math

import cv2
import numpy as np

from engine.diffusion.pretraining.colours import blended, draw_colour, mottled, plain
from engine.diffusion.pretraining.lighting import Elements, Surface
from engine.diffusion.pretraining.noise import Rng, field, random_angle, turned
from engine.diffusion.pretraining.objects import backdrop, dome, lying, oval

MOST_FIBRES = 130


def brush_head(rng: Rng, size: int) -> Surface:
    """Rows of bristle tufts, white and coloured, on a pale glossy head."""
    colour, bristle = draw_colour(
        rng, ("blue", "red", "yellow", "green", "orange", "purple", "black", "turquoise")
    )
    _, pale = draw_colour(rng, ("white", "light grey", "beige", "white"))
    if rng.random() < 0.4:
        pale = pale + (bristle - pale) * np.float32(rng.uniform(0.1, 0.5))
    outline = oval(rng, size, rng.uniform(0.4, 1.3) * size, 0.0, rng.uniform(2, 5))
    pitch = rng.uniform(0.12, 0.24) * size
    albedo, height = plain(pale, size), dome(outline, rng.uniform(6, 16), rng.uniform(3, 8))
    centres = _lattice(rng, outline, pitch)
    colours = _row_colours(rng, centres, bristle)
    paint, relief = _tufts(rng, size, centres[:, :2], 0.42 * pitch, colours)
    cover = np.clip(relief * 2, 0, 1)
    bare = Elements(centres[:, :2], colours, 0.42 * pitch, albedo, height, are_bristles=True)
    albedo = albedo * (1 - 0.45 * cv2.GaussianBlur(cover, (0, 0), 0.12 * pitch))[..., None]
    albedo, height = blended(albedo, paint, cover), height + 2.5 * relief + 1.5 * cover
    gloss = rng.uniform(0.05, 0.25)
    return lying(rng, outline, albedo, height, gloss, colour, is_fibrous=True, elements=bare)


def _lattice(rng: Rng, outline: np.ndarray, pitch: float) -> np.ndarray:
    """Draw a square or staggered lattice of places well within an outline: (N, 3), x, y and the row."""
    size, turn, stagger = outline.shape[0], random_angle(rng), 0.5 * float(rng.random() < 0.5)
    reach = int(size / pitch) + 1
    row, column = (v.ravel() for v in np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(float))
    across, along = (column + stagger * (row % 2)) * pitch, row * pitch
    x = size / 2 + across * math.cos(turn) - along * math.sin(turn)
    y = size / 2 + across * math.sin(turn) + along * math.cos(turn)
    places = np.stack([x, y, row], 1)[(np.maximum(abs(x - size / 2), abs(y - size / 2)) < size / 2 + pitch)]
    columns, rows = (np.clip(places[:, axis], 0, size - 1).astype(int) for axis in (0, 1))
    return places[outline[rows, columns] > 0.55 * pitch]


def _row_colours(rng: Rng, centres: np.ndarray, bristle: np.ndarray) -> np.ndarray:
    """White and coloured tufts by rows, or all coloured: (N, 3)."""
    white, every = draw_colour(rng, ("white",))[1], (1, 2, 2, 3)[rng.integers(4)]
    return np.where(centres[:, 2:] % every == 0, bristle, white).astype(np.float32)


def _tufts(
    rng: Rng, size: int, centres: np.ndarray, radius: float, colours: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the fibres of all tufts seen from above: their colours (S, S, 3) and heights (S, S) 0..1."""
    canvas, relief = np.zeros((size, size, 3), np.uint8), np.zeros((size, size), np.uint8)
    for (x, y), colour in zip(centres, colours, strict=True):
        _draw_tuft(rng, canvas, relief, (float(x), float(y)), radius, colour)
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
    count = min(round(30 + 5 * radius), MOST_FIBRES)
    angles = rng.uniform(0, 2 * math.pi, count)
    leans = angles + rng.normal(0, 0.8, count)
    inner = radius * 0.85 * np.sqrt(rng.random((count, 1)))
    lengths = radius * rng.uniform(0.08, 0.4, (count, 1))
    starts = np.array(centre) + inner * np.stack([np.cos(angles), np.sin(angles)], 1)
    ends = starts + lengths * np.stack([np.cos(leans), np.sin(leans)], 1)
    levels = np.linspace(0.45, 1.0, count)
    paints = np.clip(255 * colour * rng.uniform(0.55, 1.25, (count, 1)), 0, 255).tolist()
    width = max(1, round(radius / 13))
    points = (np.stack([starts, ends], 1) * 16).astype(int).tolist()
    for (start, end), paint, level in zip(points, paints, levels.tolist(), strict=True):
        cv2.line(canvas, start, end, paint, width, cv2.LINE_AA, 4)
        cv2.line(relief, start, end, 255 * level, width, cv2.LINE_AA, 4)


def studded_part(rng: Rng, size: int) -> Surface:
    """A part with staggered studs or blind holes, often of another colour."""
    colour, shade = draw_colour(rng)
    outline = oval(rng, size, rng.uniform(0.35, 1.1) * size, 0.0, rng.uniform(2, 5))
    pitch = rng.uniform(9, 24)
    u, v = turned(size, random_angle(rng))
    row = np.floor(v / pitch)
    off_u = (u + pitch / 2 * (row % 2)) % pitch - pitch / 2
    off_v = v - (row + 0.5) * pitch
    ball = rng.uniform(0.25, 0.42) * pitch - np.sqrt(off_u**2 + off_v**2)
    share = np.clip(ball + 0.5, 0, 1) * np.clip(outline / 4 - 1, 0, 1)
    stud = draw_colour(rng)[1] if rng.random() < 0.6 else shade * rng.uniform(0.5, 1.2)
    albedo = blended(mottled(plain(shade, size), field(rng, "rough", size), 0.03), stud, share)
    height = dome(outline, 5, 3) + dome(ball, 4, rng.uniform(-3, 3)) * share
    return lying(rng, outline, albedo, height, rng.uniform(0.05, 0.4), colour)


def pellets(rng: Rng, size: int) -> Surface:
    """Pills, beans, beads or bolts' heads lying in rows, perhaps in hollows of a tray."""
    colour, shade = draw_colour(rng)
    radius = size * math.exp(rng.uniform(-2.9, -1.7))
    pitch = radius * rng.uniform(2.2, 3.4)
    ground = backdrop(rng, size)
    centres = _lattice(rng, np.full((size, size), pitch, np.float32), pitch)
    centres[:, :2] += rng.normal(0, rng.uniform(0, 0.08) * radius, (len(centres), 2))
    other = draw_colour(rng)[1] if rng.random() < 0.25 else shade
    colours = np.where(rng.random((len(centres), 1)) < 0.5, other, shade).astype(np.float32)
    index, off = _nearest_centre(centres[:, :2], size)
    outline = radius * (1 + 0.06 * field(rng, "smooth", size)) - off
    albedo = colours[index] * (1 + 0.05 * field(rng, "cloudy", size))[..., None]
    albedo = mottled(albedo, rng.normal(0, rng.uniform(0, 0.1), len(centres)).astype(np.float32)[index], 1.0)
    height = dome(outline, radius * rng.uniform(0.3, 1.0), radius * rng.uniform(0.3, 0.7))
    height = height + 0.1 * field(rng, "rough", size)
    hollow = np.clip(1.25 * radius - off, 0, 1.5) / 1.5 * rng.uniform(0, 1)
    ground = ground * (1 - 0.25 * hollow)[..., None]
    share = np.clip(outline + 0.5, 0, 1)
    bare = Elements(centres[:, :2], colours, radius, ground, -2 * hollow)
    albedo, height = blended(ground, albedo, share), height * share - 2 * hollow * (1 - share)
    return Surface(albedo, height, rng.uniform(0.03, 0.35) * share, colour, elements=bare)


def _nearest_centre(centres: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which of (N, 2) centres is nearest to each pixel, and how far: each (S, S)."""
    ys, xs = np.mgrid[:size, :size].astype(np.float32)
    squared = np.full((size, size), np.inf, np.float32)
    index = np.zeros((size, size), np.int32)
    for number, (x, y) in enumerate(centres.astype(np.float32)):
        to_this = (xs - x) ** 2 + (ys - y) ** 2
        nearer = to_this < squared
        squared[nearer], index[nearer] = to_this[nearer], number
    return index, np.sqrt(squared)
