"""Stage 2 against upstream's loop: samples per second, product and paper profile."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.data.images import read_photo
from engine.diffusion.backbone import Backbone, load_backbone
from engine.diffusion.embedding import AnomalyEmbedding
from engine.diffusion.generation import generate
from engine.diffusion.loaded import load_embedding
from engine.diffusion.views import Crop
from engine.geometry import Box
from engine.protocol import GenerateJob, GenerateSettings, Placement, Profile, SampleWritten
from tests.benchmarks.product import demo_photos, good_photos
from tests.benchmarks.report import Row
from tests.benchmarks.upstream import upstream_sample

_BOX = Box(center_x=150.0, center_y=150.0, width=90.0, height=70.0)
_WANTED: dict[Profile, float] = {"product": 3.0, "paper": 1.2}


def measure_generation(reference: str, count: int) -> list[Row]:
    """The whole job from a loaded backbone to written files against bare sampling, one box a photo."""
    with demo_photos() as photos, TemporaryDirectory() as temporary:
        project = Path(temporary)
        names = [copied(path, project) for path in good_photos(photos)]
        embedding = save_embedding(load_backbone(reference), project)
        return [_measure(profile, project, names, embedding, count) for profile in _WANTED]


def _measure(profile: Profile, project: Path, names: list[str], embedding: Path, count: int) -> Row:
    loaded = load_embedding(embedding, project)
    crops = [_squeezed(read_photo(project / name), loaded.backbone.size_px) for name in names]
    vectors = loaded.embedding.vectors
    upstream_s = _time_upstream(loaded.backbone, vectors, crops, count)
    ours_s = _time_job(profile, project, names, embedding, count)
    return Row(
        f"stage 2, samples per second, {profile}",
        1 / upstream_s,
        1 / ours_s,
        upstream_s / ours_s,
        _WANTED[profile],
    )


def _time_upstream(backbone: Backbone, vectors: Tensor, crops: list[Crop], count: int) -> float:
    """Seconds a sample of bare sampling."""
    upstream_sample(backbone, vectors, crops[0], seed=99, steps=3)  # the first calls are slow
    start = time.perf_counter()
    for seed in range(count):
        upstream_sample(backbone, vectors, crops[seed % len(crops)], seed)
    return (time.perf_counter() - start) / count


def _time_job(profile: Profile, project: Path, names: list[str], embedding: Path, count: int) -> float:
    """Seconds a sample of the job, counted from when its first batch begins: what comes before is done once."""
    placements = tuple(Placement(photo=names[i % len(names)], boxes=(_BOX,)) for i in range(count))
    settings = GenerateSettings(profile=profile, count=count, seed=1)
    job = GenerateJob(
        project=str(project),
        anomaly="crack",
        embedding=str(embedding.relative_to(project)),
        placements=placements,
        settings=settings,
    )
    events = generate(job)
    next(events)  # Started; the backbone is loaded after it
    load_start = time.perf_counter()
    load_embedding(embedding, project)
    load_s = time.perf_counter() - load_start
    start = time.perf_counter()
    written = sum(isinstance(event, SampleWritten) for event in events)
    assert written == count, f"{written} of {count} samples were written"
    return max(time.perf_counter() - start - load_s, 1e-9) / count


def _squeezed(photo: np.ndarray, side: int) -> Crop:
    """The whole photo at the backbone's size, as upstream sees it."""
    image = cv2.resize(photo, (side, side), interpolation=cv2.INTER_AREA)
    inside = np.zeros((side, side), bool)
    factor = side / photo.shape[1]
    left, top, right, bottom = (round(edge * factor) for edge in _BOX.bounds())
    inside[top:bottom, left:right] = True
    return Crop(image, inside, inside)


def copied(path: Path, project: Path) -> str:
    """Copy a photo into a project; its path there."""
    target = project / "photos" / path.name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(path.read_bytes())
    return f"photos/{path.name}"


def save_embedding(backbone: Backbone, project: Path) -> Path:
    """An embedding that changes something: what is drawn does not matter here, only that it is drawn."""
    path = project / "embeddings" / "crack" / "bench.safetensors"
    vectors = backbone.word_vectors("crack", 2).cpu()
    AnomalyEmbedding(vectors.to(torch.float32), "crack", "bench", backbone.reference, backbone.hash).save(
        path
    )
    return path
