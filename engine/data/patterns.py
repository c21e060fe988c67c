"""Patterns of many kinds, drawn from random numbers alone: what textures are made of.

A pattern is a function of (rng, x, y): x and y of every pixel, turned and warped, (size, size) float32, about
-0.5..0.5 over the texture; it returns one value a pixel, (size, size) float32, of any range.
"""

import math
from collections.abc import Callable

import cv2
import numpy as np

from engine.data.perlin import perlin_noise

Pattern = Callable[[np.random.Generator, np.ndarray, np.ndarray], np.ndarray]

_TILES = 64  # what is drawn for each tile of a pattern comes again after so many tiles


def draw_pattern(rng: np.random.Generator, size: int) -> np.ndarray:
    """Draw one of `PATTERNS`, at a random angle, in half of all cases warped: (size, size) float32 in 0..1."""
    pattern = PATTERNS[rng.integers(len(PATTERNS))]
    x, y = turned_plane(rng, size)
    if rng.random() < 0.5:
        strength = log_uniform(rng, 0.01, 0.12)
        x = x + strength * fractal_noise(rng, size)
        y = y + strength * fractal_noise(rng, size)
    return stretched(pattern(rng, x, y))


def turned_plane(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """x and y of every pixel from the centre, turned at random: (size, size) float32, the side is 1."""
    axis = (np.arange(size, dtype=np.float32) + 0.5) / size - 0.5
    angle = rng.uniform(0, 2 * math.pi)
    c, s = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    return c * axis + s * axis[:, None], c * axis[:, None] - s * axis


def fractal_noise(rng: np.random.Generator, size: int) -> np.ndarray:
    """Perlin noise of three to five octaves: (size, size) float32, about -1..1."""
    rows, columns = 2 ** rng.integers(0, 4, 2)
    persistence = rng.uniform(0.35, 0.7)
    noise = np.zeros((size, size), np.float32)
    for octave in range(rng.integers(3, 6)):
        cells = int(rows) << octave, int(columns) << octave
        noise += np.float32(persistence**octave) * perlin_noise((size, size), cells, rng)
    return noise


def stretched(values: np.ndarray) -> np.ndarray:
    """The same values over 0..1; all 0 where they do not differ."""
    low, high = float(values.min()), float(values.max())
    return ((values - low) / max(high - low, 1e-6)).astype(np.float32)


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw from `low`..`high`, as often from the first octave as from the last."""
    return math.exp(rng.uniform(math.log(low), math.log(high)))


# --- noise -----------------------------------------------------------------------------------------------


def _clouds(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return fractal_noise(rng, len(x))


def _ridges(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.abs(fractal_noise(rng, len(x))) ** np.float32(rng.uniform(0.4, 1))


def _blobs(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Noise in two to five steps, with sharp edges."""
    steps = rng.integers(2, 6)
    return np.floor(stretched(fractal_noise(rng, len(x))) * steps)


def _marble(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    veins = x * log_uniform(rng, 2, 12) + fractal_noise(rng, len(x)) * rng.uniform(0.3, 1.2)
    return np.abs(np.sin(np.pi * veins)) ** np.float32(rng.uniform(0.3, 1))


def _speckle(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Grains of one size, few or many, round or drawn out."""
    grain = rng.standard_normal(x.shape, dtype=np.float32)
    sigma = log_uniform(rng, 0.5, 4)
    smooth = cv2.GaussianBlur(grain, (0, 0), sigma, sigmaY=sigma * log_uniform(rng, 0.3, 3))
    return np.maximum(stretched(smooth) - np.float32(rng.uniform(0, 0.6)), 0)


def _fibres(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Streaks along one direction: noise that is far finer across than along."""
    size = len(x)
    noise = perlin_noise((size, size), (int(rng.integers(1, 5)), int(2 ** rng.integers(4, 7))), rng)
    return _look_at(noise, x, y) + np.float32(0.3) * _look_at(rng.random((4, 4 * size), np.float32), x, y)


# --- lines -----------------------------------------------------------------------------------------------


def _stripes(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return _wave(rng, x * log_uniform(rng, 3, 30))


def _rings(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    centre_x, centre_y = rng.uniform(-0.8, 0.8, 2)
    radius = np.hypot(x - np.float32(centre_x), (y - np.float32(centre_y)) * rng.uniform(0.3, 1))
    return _wave(rng, radius * log_uniform(rng, 3, 25))


def _bands(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Stripes of one random level each."""
    level = rng.random(_TILES, dtype=np.float32)
    return level[_tile(x * log_uniform(rng, 5, 50))]


def _mesh(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Thin lines in two directions."""
    per_side = log_uniform(rng, 4, 20)
    to_line = np.minimum(np.abs(_in_tile(x * per_side)), np.abs(_in_tile(y * per_side * rng.uniform(0.5, 1))))
    return np.minimum(to_line, np.float32(rng.uniform(0.05, 0.4)))


def _scratches(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Straight lines in all directions or along one."""
    size = len(x)
    canvas = np.zeros((size, size), np.float32)
    main, spread = rng.uniform(0, math.pi), rng.choice([0.1, math.pi])
    for _ in range(rng.integers(20, 150)):
        angle, reach = main + rng.uniform(-spread, spread), size * rng.uniform(0.05, 0.6)
        start = rng.uniform(-0.1, 1.1, 2) * size
        end = start + reach * np.array([math.cos(angle), math.sin(angle)])
        thickness = int(rng.integers(1, max(size // 64, 2)))
        cv2.line(canvas, start.astype(int), end.astype(int), rng.random(), thickness, cv2.LINE_AA)
    return canvas


def _gradient(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return x if rng.random() < 0.5 else np.hypot(x - np.float32(0.4), y)


# --- tiles -----------------------------------------------------------------------------------------------


def _checks(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    per_side = log_uniform(rng, 3, 24)
    across, along = _tile(x * per_side), _tile(y * per_side * rng.uniform(0.5, 1))
    return ((across + along) % 2).astype(np.float32)


def _bricks(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Rows of tiles, every second one shifted, each of a random level, with joints."""
    rows = log_uniform(rng, 4, 20)
    row = _tile(y * rows)
    along = x * rows * rng.uniform(0.3, 1) + (row % 2) * np.float32(rng.choice([0, 0.5]))
    level = np.float32(0.3) + rng.random((_TILES, _TILES), np.float32)[row, _tile(along)]
    to_joint = 0.5 - np.maximum(np.abs(_in_tile(y * rows)), np.abs(_in_tile(along)))
    return level * np.clip(to_joint * np.float32(rng.uniform(8, 25)), 0, 1)


def _dots(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A disc or a bump in each tile, in or off its middle, of one size or of many."""
    x, y = x * (per_side := log_uniform(rng, 4, 24)), y * per_side
    at = _tile(y), _tile(x)
    radius = (
        rng.uniform(0.15, 0.45, (_TILES, _TILES)) if rng.random() < 0.5 else np.full((_TILES, _TILES), 0.35)
    )
    off = rng.uniform(-0.5, 0.5, (2, _TILES, _TILES)) * (0.5 - radius) * rng.choice([0, 1])
    distance = np.hypot(_in_tile(x) - off[0][at], _in_tile(y) - off[1][at]) / radius[at]
    return np.clip((1 - distance) * rng.choice([1, 8]), 0, 1).astype(np.float32)


def _weave(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Round threads in two directions, over and under each other; every thread of its own level."""
    x, y = x * (per_side := log_uniform(rng, 5, 30)), y * per_side
    warp, weft = _tile(x), _tile(y)
    is_warp_up = (warp + weft * int(rng.choice([1, 1, 2]))) % int(rng.choice([2, 2, 3, 4])) == 0
    round_x, round_y = 1 - (2 * _in_tile(x)) ** 2, 1 - (2 * _in_tile(y)) ** 2
    level = rng.uniform(0.5, 1, (2, _TILES)).astype(np.float32)
    return np.where(is_warp_up, level[0][warp] * round_x, level[1][weft] * round_y)


def _cells(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Voronoi cells: each of a random level, or the distance to its point, or both."""
    size = len(x)
    count = int(log_uniform(rng, 12, 500))
    empty = np.full((size, size), 255, np.uint8)
    empty[rng.integers(0, size, count), rng.integers(0, size, count)] = 0
    distance, label = cv2.distanceTransformWithLabels(empty, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    level = rng.random(count + 1, dtype=np.float32)[label]
    share = np.float32(rng.choice([0, 0.5, 1]))
    return _look_at(share * level + (1 - share) * stretched(distance), x, y)


PATTERNS: tuple[Pattern, ...] = (
    *(_clouds, _ridges, _blobs, _marble, _speckle, _fibres),
    *(_stripes, _rings, _bands, _mesh, _scratches, _gradient),
    *(_checks, _bricks, _dots, _weave, _cells),
)

# --- coordinates and profiles ----------------------------------------------------------------------------


def _tile(position: np.ndarray) -> np.ndarray:
    """Which tile of side 1 a position is in: int, 0.._TILES − 1."""
    return np.floor(position).astype(np.int32) % _TILES


def _in_tile(position: np.ndarray) -> np.ndarray:
    """Where in its tile a position is, from the middle: -0.5..0.5."""
    return position - np.floor(position) - np.float32(0.5)


def _wave(rng: np.random.Generator, phase: np.ndarray) -> np.ndarray:
    """A periodic profile of `phase` (1 a period): from a sine to sharp stripes, or a saw."""
    if rng.random() < 0.2:
        return _in_tile(phase)
    return np.tanh(np.sin(2 * np.pi * phase) * np.float32(log_uniform(rng, 0.3, 10)) + rng.uniform(-1, 1))


def _look_at(picture: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The picture, laid over -0.5..0.5 and mirrored beyond, at the places x and y."""
    height, width = picture.shape
    columns, rows = (x + np.float32(0.5)) * width, (y + np.float32(0.5)) * height
    return cv2.remap(picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
