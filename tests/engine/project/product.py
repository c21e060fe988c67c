"""A small product on disk, and what jobs would write about it."""

import json
import struct
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image

from engine.data.images import save_png
from engine.geometry import Box
from engine.project import Project
from engine.project.importing import import_photos
from engine.protocol import EmbeddingWritten, Event, FileRefused, PhotoImported, SampleWritten

WIDTH, HEIGHT = 48, 40


def pixels(seed: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """A photo of its own for each seed: coarse coloured blobs."""
    coarse = np.random.default_rng(seed).integers(0, 255, (6, 7, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def write_photo(path: Path, seed: int, **size: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels(seed, **size)).save(path)
    return path


def write_mask(path: Path, width: int = WIDTH, height: int = HEIGHT) -> Path:
    mask = np.zeros((height, width), dtype=np.uint8)
    mask[10:20, 12:24] = 255
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(mask).save(path)
    return path


def write_mvtec(folder: Path, goods: int = 4, cracked: int = 4) -> Path:
    """train/good/00i.png, test/good/10i.png, test/crack/00i.png with masks."""
    for number in range(goods):
        write_photo(folder / "train" / "good" / f"{number:03}.png", seed=number)
    for number in range(2):
        write_photo(folder / "test" / "good" / f"{100 + number}.png", seed=100 + number)
    for number in range(cracked):
        write_photo(folder / "test" / "crack" / f"{number:03}.png", seed=200 + number)
        write_mask(folder / "ground_truth" / "crack" / f"{number:03}_mask.png")
    return folder


def run_import(project: Project, source: Path, **options: object) -> list[Event]:
    return list(import_photos(project, source, **options))  # type: ignore[arg-type]


def imported(events: list[Event]) -> list[PhotoImported]:
    return [event for event in events if isinstance(event, PhotoImported)]


def reasons(events: list[Event]) -> list[str]:
    return [event.reason for event in events if isinstance(event, FileRefused)]


def write_embedding(
    folder: Path, anomaly: str = "crack", name: str = "first", steps: int = 10
) -> EmbeddingWritten:
    """A safetensors file with the header of an anomaly embedding; the event that tells of it."""
    path = f"embeddings/{anomaly}/{name}.safetensors"
    record = {
        "anomaly": anomaly,
        "name": name,
        "backbone": "embedded",
        "provenance": {"steps": steps},
        "further": [1],
    }
    tensor = {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}
    header = json.dumps({"vectors": tensor, "__metadata__": {"anogen": json.dumps(record)}}).encode()
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(struct.pack("<Q", len(header)) + header + bytes(8))
    return EmbeddingWritten(anomaly=anomaly, name=name, path=path, backbone="embedded", steps=steps)


def write_sample(
    folder: Path,
    stem: str,
    *,
    photo: str = "photos/good/000.png",
    anomaly: str = "crack",
    run: str = "run1",
    boxes: tuple[Box, ...] = (Box(center_x=18, center_y=15, width=12, height=10),),
    mask: np.ndarray | None = None,
) -> SampleWritten:
    """A sample's two files; the event that tells of them."""
    image = f"samples/{anomaly}/{run}/{stem}.png"
    if mask is None:
        mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
        mask[10:20, 12:24] = True
    record = {
        "anomaly": anomaly, "embedding": f"embeddings/{anomaly}/first.safetensors", "photo": photo,
        "boxes": msgspec.to_builtins(boxes), "run": run, "seed": 7, "flags": ["near_duplicate"],
    }  # fmt: skip
    save_png(folder / image, pixels(len(stem), mask.shape[1], mask.shape[0]), {"anogen": json.dumps(record)})
    save_png(folder / image.replace(".png", "_mask.png"), mask)
    return SampleWritten(
        photo=photo,
        image=image,
        mask=image.replace(".png", "_mask.png"),
        seed=7,
        boxes=boxes,
        flags=("near_duplicate",),
        anomaly=anomaly,
        embedding=f"embeddings/{anomaly}/first.safetensors",
    )
