"""What is printed or engraved on good parts: lettering, codes, lines, arrows, rings."""

from dataclasses import replace

import cv2
import numpy as np

from engine.diffusion.pretraining.colours import COLOURS, blended
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.noise import Rng, field

_INKS = ("black", "white", "dark grey", "blue", "red", "white", "black")


def with_print(rng: Rng, surface: Surface) -> Surface:
    """Print something on a surface, or emboss it, in one line or two, upright or turned."""
    size = surface.size
    canvas = np.zeros((size, size), np.uint8)
    (_lettering, _lettering, _bars, _signs)[rng.integers(4)](rng, canvas)
    centre = tuple(float(v) for v in rng.uniform(0.25, 0.75, 2) * size)
    angle = rng.choice((0.0, 90.0, rng.uniform(0, 360)))
    warp = cv2.getRotationMatrix2D((size / 2, size / 2), float(angle), 1.0)
    warp[:, 2] += np.array(centre) - size / 2
    ink = cv2.warpAffine(canvas, warp, (size, size)).astype(np.float32) / np.float32(255)
    if rng.random() < 0.25:
        return replace(surface, height=surface.height + ink * (1.5 if rng.random() < 0.5 else -1.5))
    worn = np.clip(1 - 0.15 * field(rng, "rough", size), 0, 1)
    names = sorted(_INKS, key=lambda name: _contrast(surface, name))[-4:]
    colour = np.array(COLOURS[names[rng.integers(4)]], np.float32)
    return replace(surface, albedo=blended(surface.albedo, colour, ink * worn * rng.uniform(0.5, 0.95)))


def _contrast(surface: Surface, name: str) -> float:
    return float(np.abs(surface.albedo.mean(axis=(0, 1)) - np.array(COLOURS[name])).sum())


def _lettering(rng: Rng, canvas: np.ndarray) -> None:
    size, scale, thick = len(canvas), rng.uniform(0.3, 0.9), int(rng.integers(1, 3))
    font = int(rng.integers(0, 4))
    for line in range(int(rng.integers(1, 4))):
        codes = rng.choice([*range(48, 58), *range(65, 91), 45], int(rng.integers(2, 8)))
        text = "".join(chr(code) for code in codes)
        (wide, tall), _ = cv2.getTextSize(text, font, scale, thick)
        origin = (int(size / 2 - wide / 2), int(size / 2 + line * 1.6 * tall))
        cv2.putText(canvas, text, origin, font, scale, 255, thick, cv2.LINE_AA)


def _bars(rng: Rng, canvas: np.ndarray) -> None:
    """A bar code, or a square of dots."""
    size, cell = len(canvas), int(rng.integers(2, 5))
    if rng.random() < 0.5:
        bits = rng.integers(0, 2, (10, 10)) * 255
    else:
        bits = np.repeat(rng.integers(0, 2, (1, 24)) * 255, 9, axis=0)
    code = np.kron(bits, np.ones((cell, cell))).astype(np.uint8)[:size, :size]
    top, left = (size - code.shape[0]) // 2, (size - code.shape[1]) // 2
    canvas[top : top + code.shape[0], left : left + code.shape[1]] = code


def _signs(rng: Rng, canvas: np.ndarray) -> None:
    """A line, a frame, an arrow or a ring."""
    size, thick = len(canvas), int(rng.integers(1, 5))
    middle, reach = size // 2, int(rng.integers(8, size // 2))
    sign = rng.integers(4)
    if sign == 0:
        cv2.line(canvas, (0, middle), (size, middle), 255, thick, cv2.LINE_AA)
    elif sign == 1:
        corner = (middle - reach, middle - reach // 2)
        cv2.rectangle(canvas, corner, (middle + reach, middle + reach // 2), 255, thick, cv2.LINE_AA)
    elif sign == 2:
        ends = (middle - reach // 2, middle), (middle + reach // 2, middle)
        cv2.arrowedLine(canvas, *ends, 255, thick, cv2.LINE_AA, tipLength=0.4)
    else:
        cv2.circle(canvas, (middle, middle), reach // 2, 255, thick, cv2.LINE_AA)
