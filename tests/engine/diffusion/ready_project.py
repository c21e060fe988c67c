"""A project that can generate at once: photos, a tiny backbone, and an anomaly embedding of random vectors."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from engine.data.images import read_mask, read_photo, save_png
from engine.diffusion.backbone.layout import inspect
from engine.diffusion.embedding import AnomalyEmbedding, Provenance
from engine.geometry import Box, BoxRange, Size
from engine.protocol import Event, GenerateJob, GenerateSettings, Placement, SampleWritten
from tests.engine.diffusion.tiny_backbones import WIDTH

EMBEDDING = "embeddings/crack/first.safetensors"
UPRIGHT = Box(center_x=30, center_y=28, width=24, height=16)
ROTATED = Box(center_x=70, center_y=40, width=30, height=14, angle_deg=35)


def pixels(seed: int, width: int = 104, height: int = 72) -> np.ndarray:
    """Coarse coloured blobs, another picture for each seed: (height, width, 3) uint8."""
    coarse = np.random.default_rng(seed).integers(0, 255, (6, 7, 3), dtype=np.uint8)
    return np.array(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def write_photos(project: Path, count: int = 2, **size: int) -> list[str]:
    """Good photos in the project; their paths."""
    paths = [f"photos/good/{number:03}.png" for number in range(count)]
    for seed, path in enumerate(paths):
        save_png(project / path, pixels(seed, **size))
    return paths


def write_embedding(project: Path, backbone: Path, box_range: BoxRange | None = None) -> Path:
    """An embedding of two random vectors that belongs to the backbone in this folder."""
    vectors = torch.randn(2, WIDTH, generator=torch.Generator().manual_seed(1))
    provenance = Provenance(box_range=box_range)
    embedding = AnomalyEmbedding(
        vectors, "crack", "first", str(backbone), inspect(backbone).hash(), provenance
    )
    embedding.save(project / EMBEDDING)
    return project / EMBEDDING


def placement(photo: str, *boxes: Box) -> Placement:
    return Placement(photo=photo, boxes=boxes)


def generate_job(project: Path, placements: Iterable[Placement], **settings: Any) -> GenerateJob:
    """A short job: four steps, one candidate, unless said otherwise."""
    chosen = {"count": 2, "seed": 7, "steps": 4, "candidates": 1, **settings}
    return GenerateJob(
        project=str(project),
        anomaly="crack",
        embedding=EMBEDDING,
        placements=tuple(placements),
        settings=GenerateSettings(**chosen),
    )


def samples(events: Iterable[Event]) -> list[SampleWritten]:
    return [event for event in events if isinstance(event, SampleWritten)]


def sample_bytes(project: Path, events: Iterable[Event]) -> list[bytes]:
    """Image and mask of every sample, as they are on the disk."""
    return [(project / path).read_bytes() for event in samples(events) for path in (event.image, event.mask)]


def changed_pixels(project: Path, sample: SampleWritten) -> tuple[np.ndarray, np.ndarray]:
    """Where the sample differs from its photo, and its mask: both (H, W) bool."""
    photo, image = read_photo(project / sample.photo), read_photo(project / sample.image)
    size = Size(photo.shape[1], photo.shape[0])
    return (photo != image).any(axis=2), read_mask(project / sample.mask, size, project / sample.image)
