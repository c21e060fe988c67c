"""Noise fields for rendered surfaces: a small bank of seamless textures, sampled at random places and angles.

Synthesising noise for each picture would dominate the cost of a render, so every field is synthesised once as
a seamless 512×512 texture; a sample is one affine warp out of it.
"""

import math
from functools import lru_cache

import cv2
import numpy as np

cv2.setNumThreads(1)

Rng = np.random.Generator

BANK_SIZE = 512
BANK_SEED = 7

# name → spectral exponents β of the variants: amplitude ∝ frequency^(−β/2)
FRACTALS = {
    "grain": (0.4, 0.6),
    "rough": (1.1, 1.4),
    "cloudy": (1.9, 2.2),
    "smooth": (3.0, 3.2),
    "swell": (4.0, 4.4),
}
# name → (β, how many times longer than wide) of the variants
STREAKS = {"brushed": ((1.0, 40), (1.4, 25), (1.8, 15), (1.2, 60)), "lines": ((0.9, 160), (1.3, 240))}
PEEL_WAVELENGTHS_PX = (10.0, 16.0, 24.0)
CELL_COUNTS = (700, 1500, 3000, 6000)


@lru_cache(maxsize=4)
def grid(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of every pixel from the picture's centre, each (size, size) float32, px."""
    axis = np.arange(size, dtype=np.float32) - np.float32(size / 2)
    x, y = np.meshgrid(axis, axis)
    return x, y


def turned(size: int, angle: float, x: float = 0.0, y: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the pixel grid in axes turned by `angle` (rad) about the point (x, y) px from the centre."""
    gx, gy = grid(size)
    c, s = math.cos(angle), math.sin(angle)
    return c * (gx - x) + s * (gy - y), -s * (gx - x) + c * (gy - y)


def random_angle(rng: np.random.Generator) -> float:
    """Draw an angle from the full circle, rad."""
    return rng.uniform(0.0, 2 * math.pi)


def field(
    rng: np.random.Generator, name: str, size: int, zoom: float | None = None, angle: float | None = None
) -> np.ndarray:
    """Sample a noise field.

    Args:
        name: a key of the bank: `grain`, `rough`, `cloudy`, `smooth` and `swell` go from fine to slow,
            `brushed` and `lines` run along x before they are turned, `peel` is bumps of one size, `cells` the
            distance to the nearest of random points, `facets` a value for each of their neighbourhoods.
        zoom: how much larger than in the bank; drawn when None.
        angle: rad; drawn when None.
    Returns:
        (size, size) float32: mean 0 and deviation 1 over the bank; for `cells` ≥ 0, about 0.5 on average.
    """
    variants = _bank()[name]
    texture = variants[rng.integers(len(variants))]
    zoom = math.exp(rng.uniform(-0.5, 0.7)) if zoom is None else zoom
    angle = random_angle(rng) if angle is None else angle
    c, s = math.cos(angle) / zoom, math.sin(angle) / zoom
    ox, oy = rng.uniform(0, BANK_SIZE, 2)
    warp = np.array([[c, s, ox], [-s, c, oy]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(texture, warp, (size, size), flags=flags, borderMode=cv2.BORDER_WRAP)


def profile(rng: np.random.Generator, coordinate: np.ndarray, scale: float) -> np.ndarray:
    """Look up noise along one coordinate (px), `scale` px per step: rings, annual rings, drawn lines."""
    table = _profile_table()
    position = coordinate / np.float32(scale) + np.float32(rng.uniform(0, len(table)))
    left = np.floor(position)
    index = left.astype(np.int32) % len(table)
    step = position - left
    return table[index] * (1 - step) + table[(index + 1) % len(table)] * step


@lru_cache(maxsize=1)
def _bank() -> dict[str, list[np.ndarray]]:
    rng = np.random.default_rng(BANK_SEED)
    bank = {name: [_fractal(rng, beta) for beta in 2 * betas] for name, betas in FRACTALS.items()}
    bank |= {name: [_fractal(rng, *variant) for variant in variants] for name, variants in STREAKS.items()}
    bank["peel"] = [_peel(rng, wavelength) for wavelength in PEEL_WAVELENGTHS_PX]
    bank["cells"] = [_cells(rng, count) for count in CELL_COUNTS]
    bank["facets"] = [_facets(rng, count) for count in CELL_COUNTS]
    return bank


@lru_cache(maxsize=1)
def _profile_table() -> np.ndarray:
    rng = np.random.default_rng(BANK_SEED)
    frequency = np.fft.rfftfreq(4096)
    frequency[0] = np.inf
    spectrum = frequency**-0.55 * np.exp(2j * np.pi * rng.random(len(frequency)))
    return _standardised(np.fft.irfft(spectrum))


def _fractal(rng: np.random.Generator, beta: float, stretch: float = 1.0) -> np.ndarray:
    fy, fx = np.meshgrid(np.fft.fftfreq(BANK_SIZE), np.fft.fftfreq(BANK_SIZE), indexing="ij")
    frequency = np.hypot(fx * stretch, fy)
    frequency[0, 0] = np.inf
    return _coloured(rng, frequency ** (-beta / 2))


def _peel(rng: np.random.Generator, wavelength_px: float) -> np.ndarray:
    fy, fx = np.meshgrid(np.fft.fftfreq(BANK_SIZE), np.fft.fftfreq(BANK_SIZE), indexing="ij")
    octaves_off = np.log2(np.maximum(np.hypot(fx, fy), 1e-6) * wavelength_px)
    return _coloured(rng, np.exp(-((octaves_off / 0.5) ** 2)))


def _coloured(rng: np.random.Generator, amplitude: np.ndarray) -> np.ndarray:
    phase = np.exp(2j * np.pi * rng.random(amplitude.shape))
    return _standardised(np.fft.ifft2(amplitude * phase).real)


def _standardised(values: np.ndarray) -> np.ndarray:
    return ((values - values.mean()) / values.std()).astype(np.float32)


def _scattered_points(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return 3×3 repetitions of a field of 255 with `count` zeros."""
    empty = np.full((BANK_SIZE, BANK_SIZE), 255, np.uint8)
    empty[rng.integers(0, BANK_SIZE, count), rng.integers(0, BANK_SIZE, count)] = 0
    return np.tile(empty, (3, 3))


def _cells(rng: np.random.Generator, count: int) -> np.ndarray:
    """Distance to the nearest of `count` points (Worley's F1), in units of the mean spacing."""
    distance = cv2.distanceTransform(_scattered_points(rng, count), cv2.DIST_L2, 5)
    centre = slice(BANK_SIZE, 2 * BANK_SIZE)
    return (distance[centre, centre] / math.sqrt(BANK_SIZE**2 / count)).astype(np.float32)


def _facets(rng: np.random.Generator, count: int) -> np.ndarray:
    """A value for each of `count` Voronoi cells; the same point in every repetition has the same one."""
    points = _scattered_points(rng, count)
    _, labels = cv2.distanceTransformWithLabels(points, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    values = np.zeros(int(labels.max()) + 1)
    ys, xs = np.nonzero(points == 0)
    in_tile = (ys % BANK_SIZE) * BANK_SIZE + xs % BANK_SIZE
    values[labels[ys, xs]] = rng.normal(size=BANK_SIZE**2)[in_tile]
    centre = slice(BANK_SIZE, 2 * BANK_SIZE)
    return _standardised(values[labels[centre, centre]])
