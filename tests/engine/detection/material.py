"""A little product for detectors: striped photos, samples with a bright spot in a box, files of both."""

from pathlib import Path

import numpy as np
import torch

from engine.data.images import save_png
from engine.detection.training_data import Material
from engine.geometry import Box
from engine.protocol import GeneratedPhoto

SIDE = 32
BOX = Box(center_x=24, center_y=20, width=14, height=10, angle_deg=0)


def good(seed: int, width: int = 48, height: int = 40) -> np.ndarray:
    """(height, width, 3) uint8, horizontal stripes of the seed's brightness."""
    rows = (np.arange(height)[:, None, None] // 4 % 2) * 60 + 60 + 5 * seed
    return np.broadcast_to(rows, (height, width, 3)).astype(np.uint8).copy()


def sample(seed: int) -> np.ndarray:
    photo = good(seed)
    photo[17:23, 20:28] = 250
    return photo


def spot(height: int = 40, width: int = 48) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[17:23, 20:28] = True
    return mask


def write_goods(project: Path, count: int = 3) -> tuple[str, ...]:
    paths = tuple(f"photos/good/{number:03}.png" for number in range(count))
    for number, path in enumerate(paths):
        save_png(project / path, good(number))
    return paths


def write_samples(project: Path, count: int = 2) -> tuple[GeneratedPhoto, ...]:
    """Samples of the good photos of the same numbers."""
    written = []
    for number in range(count):
        image, mask = f"samples/spot/run1/{number:03}.png", f"samples/spot/run1/{number:03}_mask.png"
        save_png(project / image, sample(number))
        save_png(project / mask, spot())
        photo = f"photos/good/{number:03}.png"
        written.append(GeneratedPhoto(image=image, photo=photo, mask=mask, boxes=(BOX,)))
    return tuple(written)


def material(goods: int = 3, samples: int = 2) -> Material:
    """Noise as photos; samples are white in the box of their photo."""
    generator = torch.Generator().manual_seed(0)

    def noise(count: int) -> torch.Tensor:
        return torch.randint(1, 255, (count, 3, SIDE, SIDE), generator=generator, dtype=torch.uint8)

    photos = noise(samples)
    boxes = torch.zeros(samples, 1, SIDE, SIDE, dtype=torch.bool)
    boxes[:, :, 8:20, 10:24] = True
    return Material(noise(goods), torch.where(boxes, torch.full_like(photos, 255), photos), photos, boxes)
