"""Electronics: printed circuit boards, solar cells, wafers."""

import math

import cv2
import numpy as np

from engine.diffusion.pretraining.colours import blended, draw_colour, mottled, plain
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.noise import Rng, field, turned


def circuit_board(rng: Rng, size: int) -> Surface:
    """Traces and pads on a raster, some components, some lettering."""
    colour, shade = draw_colour(rng, ("green", "green", "green", "blue", "black", "red"))
    raster = int(rng.integers(8, 18))
    albedo = mottled(plain(shade * 0.7, size), field(rng, "rough", size), 0.03)
    traces = _traces(rng, size, raster)
    albedo = albedo * (1 + rng.uniform(0.25, 0.6) * traces)[..., None]
    pads, holes = _pads(rng, size, raster)
    metal = draw_colour(rng, ("light grey", "beige", "yellow", "light grey"))[1]
    albedo = blended(albedo, metal * (1 + 0.08 * field(rng, "cloudy", size))[..., None], pads)
    albedo = blended(albedo, 0.06, holes)
    height = 0.6 * traces + 0.9 * pads - 2.0 * holes + 0.05 * field(rng, "rough", size)
    for _ in range(int(rng.integers(0, 4))):
        albedo, height = _place_component(rng, albedo, height)
    if rng.random() < 0.6:
        albedo = blended(albedo, 0.85, 0.85 * _lettering(rng, size))
    return Surface(albedo, height, rng.uniform(0.08, 0.25), colour)


def _ink(canvas: np.ndarray) -> np.ndarray:
    return canvas.astype(np.float32) / np.float32(255)


def _traces(rng: Rng, size: int, raster: int) -> np.ndarray:
    canvas = np.zeros((size, size), np.uint8)
    width = int(rng.integers(1, 5))
    for _ in range(int(rng.integers(5, 14))):
        x, y = (int(v) * raster for v in rng.integers(0, size // raster + 1, 2))
        points, heading = [(x, y)], int(rng.integers(0, 8))
        for _ in range(3):
            heading = (heading + int(rng.integers(-1, 2))) % 8
            length = raster * int(rng.integers(1, 5))
            x += round(math.cos(heading * math.pi / 4)) * length
            y += round(math.sin(heading * math.pi / 4)) * length
            points.append((x, y))
        cv2.polylines(canvas, [np.array(points, np.int32)], False, 255, width, cv2.LINE_AA)
    return _ink(canvas)


def _pads(rng: Rng, size: int, raster: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw round pads (most with a hole) and rows of oblong ones: pads and holes, each (size, size) 0..1."""
    pads, holes = np.zeros((size, size), np.uint8), np.zeros((size, size), np.uint8)
    for _ in range(int(rng.integers(2, 10))):
        x, y = (int(v) * raster for v in rng.integers(0, size // raster + 1, 2))
        radius = int(rng.integers(3, 8))
        cv2.circle(pads, (x, y), radius, 255, -1, cv2.LINE_AA)
        if rng.random() < 0.6:
            cv2.circle(holes, (x, y), max(1, radius // 2), 255, -1, cv2.LINE_AA)
    for _ in range(int(rng.integers(0, 3))):
        x, y = (int(v) for v in rng.integers(0, size, 2))
        width, length, count = int(rng.integers(3, 6)), int(rng.integers(6, 14)), int(rng.integers(2, 8))
        for index in range(count):
            left = x + index * 2 * width
            cv2.rectangle(pads, (left, y), (left + width - 1, y + length), 255, -1)
    return _ink(pads), _ink(holes)


def _place_component(rng: Rng, albedo: np.ndarray, height: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Put a chip or a resistor with metal ends on the board."""
    size = height.shape[0]
    x, y = (int(v) for v in rng.integers(0, size, 2))
    width, length = (int(v) for v in rng.integers(10, 40, 2))
    ends, body = np.zeros((size, size), np.uint8), np.zeros((size, size), np.uint8)
    cv2.rectangle(ends, (x - 4, y + 2), (x + width + 4, y + length - 2), 255, -1)
    cv2.rectangle(body, (x, y), (x + width, y + length), 255, -1)
    covered = cv2.GaussianBlur(_ink(body), (3, 3), 0.6)
    albedo = blended(albedo, draw_colour(rng, ("light grey",))[1], _ink(ends))
    shade = draw_colour(rng, ("black", "dark grey", "beige", "black", "grey"))[1]
    grainy = shade * (1 + 0.06 * field(rng, "grain", size))[..., None]
    return blended(albedo, grainy, covered), height + 1.5 * _ink(ends) * (1 - covered) + 3 * covered


def _lettering(rng: Rng, size: int) -> np.ndarray:
    canvas = np.zeros((size, size), np.uint8)
    text = f"{'RCUJ'[rng.integers(4)]}{rng.integers(1, 99)}"
    x, y = (int(v) for v in rng.integers(5, max(size - 30, 6), 2))
    cv2.putText(canvas, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, rng.uniform(0.3, 0.6), 255, 1, cv2.LINE_AA)
    return _ink(canvas)


def solar_cell(rng: Rng, size: int) -> Surface:
    """Dark crystals under thin silver lines, a bus bar or the gap to the next cell."""
    colour, shade = draw_colour(rng, ("blue", "blue", "black", "dark grey"))
    u, v = turned(size, rng.integers(4) * math.pi / 2 + rng.normal(0, 0.05))
    albedo = plain(shade * 0.7, size)
    if rng.random() < 0.6:
        albedo = mottled(
            albedo, field(rng, "facets", size, math.exp(rng.uniform(0, 1.2))), rng.uniform(0.05, 0.25)
        )
    albedo = mottled(albedo, field(rng, "swell", size), 0.05)
    silver = draw_colour(rng, ("light grey", "white"))[1]
    lines = _stripes(u, rng.uniform(5, 16), rng.uniform(0.5, 1.2))
    bars = _stripes(v + rng.uniform(0, size), rng.uniform(0.4, 1.2) * size, rng.uniform(2, 7))
    gaps = _stripes(u + rng.uniform(0, size), rng.uniform(0.9, 2) * size, rng.uniform(2, 5))
    albedo = blended(blended(albedo, silver, np.maximum(0.7 * lines, bars)), rng.uniform(0.02, 0.9), gaps)
    return Surface(albedo, 0.4 * lines + 0.8 * bars - gaps, rng.uniform(0.1, 0.4), colour)


def wafer(rng: Rng, size: int) -> Surface:
    """A raster of like dies with streets between them; the same blocks in each."""
    colour, shade = draw_colour(rng, ("grey", "dark grey", "pink", "turquoise", "green", "blue", "beige"))
    angle, pitch = rng.normal(0, 0.1), rng.uniform(0.14, 0.5) * size
    u, v = turned(size, angle, *(float(x) for x in rng.uniform(-0.5, 0.5, 2) * pitch))
    x, y = u / pitch % 1, v / pitch % 1
    albedo, height = plain(shade, size), np.zeros_like(u)
    for _ in range(int(rng.integers(2, 7))):
        left, top = rng.uniform(0.05, 0.7), rng.uniform(0.05, 0.7)
        wide, tall = rng.uniform(0.05, 0.5), rng.uniform(0.05, 0.5)
        block = _within(x, left, min(left + wide, 0.93), pitch) * _within(
            y, top, min(top + tall, 0.93), pitch
        )
        tone = draw_colour(rng)[1] if rng.random() < 0.4 else shade * rng.uniform(0.5, 1.5)
        if rng.random() < 0.4:
            block = block * (
                0.6 + 0.4 * np.sin((x if rng.random() < 0.5 else y) * pitch * rng.uniform(1, 2.5))
            )
        albedo, height = blended(albedo, tone, 0.8 * block), height + rng.uniform(-0.5, 0.5) * block
    street = 1 - _within(x, 0.03, 0.97, pitch) * _within(y, 0.03, 0.97, pitch)
    albedo = blended(albedo, rng.uniform(0.1, 0.8), street)
    albedo = mottled(albedo, field(rng, "swell", size), rng.uniform(0, 0.08))
    return Surface(np.clip(albedo, 0.02, 1), height, rng.uniform(0.1, 0.4), colour)


def _stripes(across: np.ndarray, pitch: float, width: float) -> np.ndarray:
    """Lines of `width` px every `pitch` px: (S, S) 0..1."""
    return np.clip(width / 2 + 0.5 - np.abs(across % pitch - pitch / 2), 0, 1)


def _within(share: np.ndarray, low: float, high: float, pitch: float) -> np.ndarray:
    return np.clip(np.minimum(share - low, high - share) * pitch + 0.5, 0, 1)
