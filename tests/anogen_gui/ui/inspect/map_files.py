"""Photos and anomaly maps to look at."""

from pathlib import Path

import numpy as np
from PIL import Image


def write_photo(
    file: Path, color: tuple[int, int, int] = (128, 128, 128), size: tuple[int, int] = (400, 300)
) -> Path:
    Image.new("RGB", size, color).save(file)
    return file


def write_map(file: Path, values: np.ndarray) -> Path:
    """(H, W), 0 … 1, as the engine writes it: a grey PNG of 16 bits."""
    Image.fromarray(np.rint(values * 65535).astype(np.uint16)).save(file)
    return file


def spotted(side: int = 32) -> np.ndarray:
    """Zero, and 0.8 in the second quarter from the left and from the top."""
    values = np.zeros((side, side))
    quarter = side // 4
    values[quarter : 2 * quarter, quarter : 2 * quarter] = 0.8
    return values
