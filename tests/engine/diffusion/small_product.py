"""A small product in a project folder, and the job that learns its anomaly, without a catalogue."""

from collections.abc import Generator
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from engine.data.images import save_png
from engine.diffusion.backbone import Backbone
from engine.diffusion.crops import Support, anomaly_crops, normal_crops
from engine.diffusion.views import Views, encode_crops
from engine.geometry import Box
from engine.protocol import Event, LearnJob, LearnSettings, SupportPhoto

WIDTH, HEIGHT = 80, 64
GOODS, SUPPORTS = 3, 3
T = TypeVar("T")


def good_photo(seed: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """A bright disc, the part, on a dark background, with a little grain: (height, width, 3) uint8."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    part = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (0.4 * height) ** 2
    colour = np.where(part[..., None], (190, 160, 120), (30, 35, 40))
    return np.clip(colour + rng.integers(-8, 9, (height, width, 3)), 0, 255).astype(np.uint8)


def crack(seed: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """The mask of a bar across the part, at a place of its own for each seed: (height, width) bool."""
    mask = np.zeros((height, width), bool)
    top, left = height // 2 - 8 + 3 * (seed % 4), width // 2 - 10 + 2 * (seed % 3)
    mask[top : top + 5, left : left + 14] = True
    return mask


def cracked_photo(seed: int) -> np.ndarray:
    photo = good_photo(100 + seed)
    photo[crack(seed)] = (60, 20, 20)
    return photo


def write_product(project: Path) -> Path:
    """Good photos, bad ones and their masks, where a project has them; returns `project`."""
    for seed in range(GOODS):
        save_png(project / f"photos/good/{seed:03}.png", good_photo(seed))
    for seed in range(SUPPORTS):
        save_png(project / f"photos/bad/crack/{seed:03}.png", cracked_photo(seed))
        save_png(project / f"masks/crack/{seed:03}.png", crack(seed))
    return project


def learn_job(project: Path, backbone: Path | str, again: bool = False, **settings: Any) -> LearnJob:
    """The job that `anogen learn` would plan for this product."""
    chosen = tuple(
        SupportPhoto(
            name=f"{seed:03}", photo=f"photos/bad/crack/{seed:03}.png", mask=f"masks/crack/{seed:03}.png"
        )
        for seed in range(SUPPORTS)
    )
    return LearnJob(
        project=str(project),
        anomaly="crack",
        supports=chosen,
        goods=tuple(f"photos/good/{seed:03}.png" for seed in range(GOODS)),
        settings=LearnSettings(backbone=str(backbone), **settings),
        again=again,
    )


def returned(events: Generator[Event, None, T]) -> T:
    """What a generator returns in the end."""
    while True:
        try:
            next(events)
        except StopIteration as end:
            return cast(T, end.value)


def kinds(events: list[Event]) -> list[str]:
    """The events' names, without repetitions in a row."""
    names = [type(event).__name__ for event in events]
    return [name for i, name in enumerate(names) if i == 0 or names[i - 1] != name]


def supports() -> list[Support]:
    """The three bad photos with their masks."""
    return [Support(cracked_photo(seed), crack(seed)) for seed in range(SUPPORTS)]


def anomalous_views(backbone: Backbone, count: int) -> Views:
    crops = anomaly_crops(supports(), count, backbone.size_px, np.random.default_rng(0))
    return encode_crops(backbone, crops)


def normal_views(backbone: Backbone, count: int) -> Views:
    box = Box(center_x=WIDTH / 2, center_y=HEIGHT / 2, width=18, height=12)
    crops = normal_crops(good_photo(0), [box] * count, backbone.size_px, np.random.default_rng(0))
    return encode_crops(backbone, crops)
