"""What the window is measured on: a large photo, and a project with ten thousand samples."""

import json
import os
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image

from engine.data.images import save_png
from engine.geometry import Box
from engine.project import Project, Verdict
from engine.project.importing import import_photos

SAMPLES = 10_000
PHOTOS = 12
_CLASSES = ("broken", "scratch", "stain")
_SIDE = 256
_DIFFERENT = 24  # pictures, and ten thousand hard links to them
_RUN_LENGTH = 500
_BOX = Box(center_x=128.0, center_y=128.0, width=60.0, height=40.0, angle_deg=15.0)


def write_large_photos(folder: Path, count: int = 1, size: tuple[int, int] = (4000, 3000)) -> list[Path]:
    """Photos of 12 megapixels with grain, as JPEG."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"large-{number}.jpg" for number in range(count)]
    for number, file in enumerate(files):
        Image.fromarray(_grainy(size, seed=number)).save(file, quality=92)
    return files


def make_large_project(folder: Path, samples: int = SAMPLES) -> None:
    """A project with good photos, three classes and so many samples, some of them judged.

    The samples are entered when it is opened, as any file is that the catalogue does not know.
    """
    shots = folder.with_name(f"{folder.name}-shots") / "good"
    for number in range(PHOTOS):
        save_png(shots / f"{number:03}.png", _grainy((_SIDE, _SIDE), seed=number))
    with Project.create(folder) as project:
        list(import_photos(project, shots.parent))
        for name in _CLASSES:
            project.add_anomaly(name)
        photos = [photo.path for photo in project.photos("good")]
    link_samples(folder, photos, samples)
    with Project.open(folder) as project:
        _judge(project)


def make_photo_project(folder: Path, photos: int) -> None:
    """A project with so many good photos of 12 megapixels, and a sample of that size on each."""
    shots = folder.with_name(f"{folder.name}-shots") / "good"
    write_large_photos(shots, photos)
    with Project.create(folder) as project:
        list(import_photos(project, shots.parent))
        project.add_anomaly(_CLASSES[0])
        paths = [photo.path for photo in project.photos("good")]
    box = Box(center_x=2000.0, center_y=1500.0, width=600.0, height=400.0, angle_deg=15.0)
    picture = _write_sample(
        folder.with_name(f"{folder.name}-sample"), (4000, 3000), paths[0], _CLASSES[0], box, 0
    )
    for number in range(photos):
        _link(picture, folder / "samples" / _CLASSES[0] / "run-000", f"{number:05}")


def _grainy(size: tuple[int, int], seed: int) -> np.ndarray:
    """A soft gradient with grain, (height, width, 3) uint8."""
    width, height = size
    rng = np.random.default_rng(seed)
    ramp = (
        np.linspace(60, 200, width, dtype=np.float32)
        + np.linspace(-30, 30, height, dtype=np.float32)[:, None]
    )
    grain = rng.integers(-12, 13, (height, width), dtype=np.int16)
    return np.repeat((ramp + grain).clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


def link_samples(folder: Path, photos: list[str], count: int) -> None:
    sources = []
    for number in range(_DIFFERENT):
        stem, anomaly = folder.with_name(f"{folder.name}-{number}"), _CLASSES[number % len(_CLASSES)]
        photo = photos[number % len(photos)]
        sources.append((_write_sample(stem, (_SIDE, _SIDE), photo, anomaly, _BOX, number), anomaly))
    for number in range(count):
        stem, anomaly = sources[number % _DIFFERENT]
        _link(stem, folder / "samples" / anomaly / f"run-{number // _RUN_LENGTH:03}", f"{number:05}")


def _link(stem: Path, place: Path, name: str) -> None:
    """Put a sample and its mask into a run's folder."""
    place.mkdir(parents=True, exist_ok=True)
    os.link(stem.with_suffix(".png"), place / f"{name}.png")
    os.link(stem.with_suffix(".mask.png"), place / f"{name}_mask.png")


def _write_sample(stem: Path, size: tuple[int, int], photo: str, anomaly: str, box: Box, number: int) -> Path:
    """A sample's picture and mask beside the project, which says what it was made from; `stem`."""
    record = {
        "anomaly": anomaly, "photo": photo, "seed": number, "boxes": msgspec.to_builtins([box]),
        "embedding": f"embeddings/{anomaly}/first.safetensors",
        "flags": ["nothing_changed"] if number % 8 == 0 else [],
    }  # fmt: skip
    left, top, right, bottom = (round(edge) for edge in box.bounds())
    mask = np.zeros(size[::-1], bool)
    mask[top:bottom, left:right] = True
    picture = _grainy(size, seed=100 + number)
    picture[mask] //= 2
    save_png(stem.with_suffix(".png"), picture, {"anogen": json.dumps(record)})
    save_png(stem.with_suffix(".mask.png"), mask)
    return stem


def _judge(project: Project) -> None:
    """Every third is accepted, every fifth of the others rejected; some have stars."""
    numbers = [sample.id for sample in project.samples()]
    verdicts: dict[Verdict, list[int]] = {
        "accepted": numbers[::3],
        "rejected": [number for place, number in enumerate(numbers) if place % 3 and place % 5 == 0],
    }
    for verdict, judged in verdicts.items():
        project.set_verdicts(judged, verdict)
    project.set_stars_of(numbers[::7], 4)
