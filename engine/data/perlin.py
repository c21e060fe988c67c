"""Perlin's gradient noise, and the random masks that DRAEM makes of it."""

import math

import cv2
import numpy as np

EXPONENTS = range(6)  # lattice cells along an axis: 2^0 .. 2^5, as in the code of DRAEM and DeSTSeg
THRESHOLD = 0.5


def perlin_noise(size: tuple[int, int], cells: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Gradient noise on a lattice, 0 at the lattice's points (Perlin 1985; the fade of Perlin 2002).

        n(x, y) = √2 Σ_ij w(y − i) w(x − j) (g_ij · (x − j, y − i)),    w(d) = 1 − f(|d|)

    w is separable, so the sum is two products of matrices instead of four gathers per pixel.

    Args:
        size: height and width, px.
        cells: cells of the lattice over the height and over the width, ≥ 1; the first pixel is a lattice point.
    Returns:
        (height, width) float32 in [-1, 1].
    Raises:
        ValueError: no pixels, or no cells.
    """
    if min(*size, *cells) < 1:
        raise ValueError(f"size and cells have to be 1 or more, not {size} and {cells}")
    rows, columns = cells
    angle = rng.uniform(0, 2 * math.pi, (rows + 1, columns + 1)).astype(np.float32)
    weight_y, lever_y = _reach(size[0], rows)
    weight_x, lever_x = _reach(size[1], columns)
    noise = weight_y @ np.cos(angle) @ lever_x.T + lever_y @ np.sin(angle) @ weight_x.T
    return np.float32(math.sqrt(2)) * noise


def perlin_mask(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Draw DRAEM's mask: noise of random scale, turned by -90°..90°, above 0.5. It may be empty.

    The noise is drawn on the square over the longer side, so that its grain is the same on photos of any shape.
    Turning leaves DRAEM's corners empty; here the noise is mirrored into them, as anomalies occur there too.

    Args:
        size: height and width, px.
    Returns:
        (height, width) bool.
    """
    height, width = size
    side = max(size)
    cells = 2 ** rng.choice(EXPONENTS), 2 ** rng.choice(EXPONENTS)
    noise = perlin_noise((side, side), cells, rng)
    centre = ((side - 1) / 2, (side - 1) / 2)
    turn = cv2.getRotationMatrix2D(centre, rng.uniform(-90, 90), 1.0)
    turn[:, 2] -= (side - width) / 2, (side - height) / 2
    turned = cv2.warpAffine(noise, turn, (width, height), borderMode=cv2.BORDER_REFLECT_101)
    mask: np.ndarray = turned > THRESHOLD
    return mask


def _reach(pixels: int, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Weight w(d) and lever d · w(d) of every lattice line at every pixel: 2 × (pixels, cells + 1) float32."""
    position = np.arange(pixels, dtype=np.float32) * np.float32(cells / pixels)
    d = position[:, None] - np.arange(cells + 1, dtype=np.float32)
    t = np.minimum(np.abs(d), 1)
    weight = 1 - t**3 * (t * (t * 6 - 15) + 10)
    return weight, d * weight
