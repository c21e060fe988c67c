"""A project to work in while the engine trains: `python -m tests.benchmarks.window.work FOLDER`.

The demo product with its support photos and an embedding, a photo of 12 megapixels with 200 boxes, 2000 samples.
In a process of its own, because it loads torch.
"""

import random
import sys
from pathlib import Path

from engine.diffusion.backbone import load_backbone
from engine.diffusion.pretraining.demo_product import ANOMALY, write_demo_product
from engine.geometry import Box
from engine.project import Project
from engine.project.importing import import_photos
from tests.benchmarks.generation import save_embedding
from tests.benchmarks.window.project import link_samples, write_large_photos

_BOXES, _SAMPLES = 200, 2000


def make_work_project(folder: Path) -> None:
    """Make it in `folder`, which is new."""
    shots = folder.with_name(f"{folder.name}-shots")
    write_demo_product(shots, normals=6, test_normals=0, bad=3)
    write_large_photos(shots / "train" / "good")
    with Project.create(folder) as project:
        list(import_photos(project, shots))
        project.set_supports(ANOMALY, [photo for photo in project.photos() if photo.anomaly])
        (large,) = (photo for photo in project.photos("good") if photo.name.startswith("large"))
        for box in _boxes():
            project.add_box(large.id, ANOMALY, box)
        small = [photo.path for photo in project.photos("good") if photo.id != large.id]
    save_embedding(load_backbone("embedded"), folder)
    link_samples(folder, small, _SAMPLES)


def _boxes() -> list[Box]:
    chance = random.Random(0)
    return [
        Box(
            center_x=chance.uniform(200, 3800), center_y=chance.uniform(200, 2800),
            width=chance.uniform(40, 300), height=chance.uniform(40, 300), angle_deg=chance.uniform(-90, 90),
        )
        for _ in range(_BOXES)
    ]  # fmt: skip


if __name__ == "__main__":
    make_work_project(Path(sys.argv[1]))
