"""Detectors: DRAEM's training and inspection against upstream's loops, and those of preset `light` against budgets."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import cv2
import msgspec
import numpy as np
import torch

from engine.data.images import save_png
from engine.data.textures import ProceduralTextures, TextureFolder
from engine.detection.draem import Draem
from engine.detection.inspection import inspect
from engine.detection.photos import read_sample, read_tensor
from engine.detection.trained import create_detector, save_detector
from engine.detection.trainer import Trainer
from engine.detection.training_data import Material, TrainingData
from engine.detection.training_run import decided, plan_run
from engine.geometry import Box
from engine.memory import kept_memory
from engine.protocol import (
    DetectorKind,
    GeneratedPhoto,
    InspectJob,
    PhotoInspected,
    Started,
    TrainJob,
    TrainSettings,
)
from tests.benchmarks.product import demo_photos, good_photos
from tests.benchmarks.report import Row
from tests.benchmarks.turns import steps_per_second
from tests.benchmarks.upstream_draem import SIDE, Sample, UpstreamData, UpstreamDraem
from tests.engine.detection.teachers import write_teacher

_PHOTO_PX, _PHOTOS, _TEXTURES = 1024, 4, 16
_BOX = Box(center_x=400.0, center_y=500.0, width=220.0, height=160.0)
_BATCH = 2  # of the paper's 16: a step of those takes minutes on a CPU
_PIPELINE_BATCH, _WARM_BATCHES = 16, 100  # until most textures are drawn, which is done once a training
_LIGHT_TRAINING_S, _LIGHT_PHOTO_S = 12 * 60.0, 0.15
_LIGHT_STEPS = 5
_SIDES, _ROUNDS = ("upstream", "ours"), 3
_SCRIPT = "from tests.benchmarks.detectors import train_apart; train_apart({side!r}, {folder!r})"


def measure_detectors() -> Iterator[Row]:
    """Everything on photos of 1024² pixels; both sides read the same files."""
    with _product() as product:
        yield from _training(product)
        yield _inspection(product)
        yield _pipeline(product)
        for kind in ("draem", "destseg"):
            yield from _light(product, kind)


# --- against upstream ------------------------------------------------------------------------------------


def _training(product: "_Product") -> Iterator[Row]:
    """Each side in processes of its own, in turn: with threads and memory as its program has them."""
    rounds = [[_trained_apart(side, product) for side in _SIDES] for _ in range(_ROUNDS)]
    theirs, ours = ([each[side] for each in rounds] for side in range(2))
    slow, fast = (_BATCH / median(seconds for seconds, _ in side) for side in (theirs, ours))
    note = f"{_BATCH} images a step, reading and augmenting them included"
    yield Row("DRAEM paper, training, images per second", slow, fast, fast / slow, 1.5, note)
    more, less = (max(peak for _, peak in side) for side in (theirs, ours))
    yield Row("  memory, GB", more, less, more / less, 0.8)


def _trained_apart(side: str, product: "_Product") -> tuple[float, float]:
    """Seconds a step, and GB at its peak."""
    script = _SCRIPT.format(side=side, folder=str(product.folder))
    result = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    seconds, peak = json.loads(result.stdout.splitlines()[-1])
    return seconds, peak


def train_apart(side: str, folder: str) -> None:
    """Run in the child process: prints [seconds a step, GB at the peak]."""
    from engine.threads import spin_briefly

    spin_briefly()
    from engine.device import peak_memory_bytes, tune_cpu

    tune_cpu()
    product = _Product(Path(folder))
    if side == "upstream":
        torch.set_flush_denormal(False)
    step = _upstream_step(product) if side == "upstream" else _step(product)
    memory: AbstractContextManager[None] = nullcontext() if side == "upstream" else kept_memory()
    with memory:
        step()
        seconds = _timed(step)
    print(json.dumps([seconds, peak_memory_bytes() / 1e9]))


def _upstream_step(product: "_Product") -> Callable[[], object]:
    torch.manual_seed(0)
    draem, data = UpstreamDraem(Draem.create("paper")), product.upstream_data()
    return lambda: draem.advance(data.batch(_BATCH))


def _step(product: "_Product") -> Callable[[], object]:
    network = create_detector(TrainSettings(detector="draem", preset="paper"))
    return Trainer(network, "draem", product.data(_BATCH), 10_000, torch.device("cpu")).advance


def _inspection(product: "_Product") -> Row:
    """The whole job, from a loaded detector to written maps, against upstream's bare loop."""
    torch.manual_seed(0)
    network = Draem.create("paper")
    run = product.keep(TrainSettings(detector="draem", preset="paper"), network)
    upstream = UpstreamDraem(network)
    upstream.inspect(product.goods[0])  # the first call is slow
    theirs, ours = list[float](), list[float]()
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        for file in product.goods:
            upstream.inspect(file)
        theirs.append((time.perf_counter() - start) / len(product.goods))
        ours.append(_seconds_a_photo(product, run))
    slow, fast = 1 / median(theirs), 1 / median(ours)
    return Row("DRAEM paper, inspection, images per second", slow, fast, fast / slow, 1.3)


def _pipeline(product: "_Product") -> Row:
    theirs, ours = product.upstream_data(), product.data(_PIPELINE_BATCH)
    steps = iter(range(10**6))
    for _ in range(_WARM_BATCHES):
        ours.batch(next(steps))
    slow, fast = steps_per_second(
        lambda: theirs.batch(_PIPELINE_BATCH), lambda: ours.batch(next(steps)), rounds=5, steps_a_round=3
    )
    note = f"{SIDE}² pixels; ours holds photos in memory, {SIDE * SIDE * 3 / 1e6:.1f} MB each"
    return Row(
        "batches to train on, images per second",
        slow * _PIPELINE_BATCH,
        fast * _PIPELINE_BATCH,
        fast / slow,
        3.0,
        note,
    )


# --- preset light against its budgets --------------------------------------------------------------------


def _light(product: "_Product", kind: DetectorKind) -> Iterator[Row]:
    """Seconds a step, of as many as there are in 12 minutes, and a photo, from its file to its map."""
    teacher = write_teacher(product.folder / "teacher", widths=(64, 128, 256))
    settings = decided(TrainSettings(detector=kind, preset="light", teacher=str(teacher)), goods=200)
    network = create_detector(settings)
    data = product.data(settings.batch_size or 0, settings.side or 0)
    trainer = Trainer(network, kind, data, settings.steps or 0, torch.device("cpu"))
    if kind == "destseg":
        trainer.step = (settings.steps or 0) // 2  # the student is done, and the longer steps begin
    with kept_memory():
        trainer.advance()
        seconds = median(_timed(trainer.advance) for _ in range(_LIGHT_STEPS))
    budget = _LIGHT_TRAINING_S / (settings.steps or 1)
    note = f"{settings.steps} steps, {seconds * (settings.steps or 0) / 60:.1f} minutes"
    yield Row(f"{kind} light, training, s a step", budget, seconds, budget / seconds, 1.0, note)
    run = product.keep(settings, network)
    seconds = median(_seconds_a_photo(product, run) for _ in range(3))
    yield Row(
        f"{kind} light, inspection, s a photo of {_PHOTO_PX}²",
        _LIGHT_PHOTO_S,
        seconds,
        _LIGHT_PHOTO_S / seconds,
        1.0,
    )


def _timed(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def _seconds_a_photo(product: "_Product", run: str) -> float:
    """Of the job, counted from when the detector is loaded."""
    files = tuple(str(file) for file in product.goods)
    events = inspect(InspectJob(project=str(product.folder), run=run, files=files, out=""))
    assert isinstance(next(events), Started)
    start = time.perf_counter()
    seen = sum(isinstance(event, PhotoInspected) for event in events)
    assert seen == len(files), f"{seen} of {len(files)} photos were inspected"
    return (time.perf_counter() - start) / seen


# --- what is worked on -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Product:
    """A folder of good photos, a sample of each, and textures."""

    folder: Path

    @property
    def goods(self) -> list[Path]:
        return sorted((self.folder / "good").glob("*.png"))

    def upstream_data(self) -> UpstreamData:
        samples = [
            Sample(self.folder / "samples" / photo.name, photo, self.folder / "mask.png")
            for photo in self.goods
        ]
        return UpstreamData(self.goods, samples, sorted((self.folder / "textures").iterdir()), seed=0)

    def data(self, batch_size: int, side: int = SIDE) -> TrainingData:
        """What the product makes batches of, as it is read before a training."""
        samples = [
            GeneratedPhoto(
                image=f"samples/{photo.name}", photo=f"good/{photo.name}", mask="mask.png", boxes=(_BOX,)
            )
            for photo in self.goods
        ]
        read = [read_sample(self.folder, sample, side) for sample in samples]
        images, photos, boxes = (torch.stack(part) for part in zip(*read, strict=True))
        goods = torch.stack([read_tensor(photo, side) for photo in self.goods])
        textures = TextureFolder(self.folder / "textures")
        return TrainingData(Material(goods, images, photos, boxes), textures, "anogen", batch_size, 0)

    def keep(self, settings: TrainSettings, network: torch.nn.Module) -> str:
        """Save a detector as that of a run; the run's name."""
        goods = tuple(f"good/{photo.name}" for photo in self.goods)
        settings = msgspec.structs.replace(settings, recipe="baseline")  # which asks for no samples
        job = TrainJob(project=str(self.folder), goods=goods, settings=settings)
        run = plan_run(job)
        save_detector(run, network.state_dict(), 1)
        return run.name


@contextmanager
def _product() -> Iterator[_Product]:
    """Photos of the demo product, enlarged and with a little grain."""
    rng = np.random.default_rng(0)
    with demo_photos() as photos, TemporaryDirectory() as temporary:
        folder, textures = Path(temporary), ProceduralTextures()
        left, top, right, bottom = (round(edge) for edge in _BOX.bounds())
        mask = np.zeros((_PHOTO_PX, _PHOTO_PX), bool)
        mask[top:bottom, left:right] = True
        save_png(folder / "mask.png", mask)
        for file in good_photos(photos)[:_PHOTOS]:
            small = cv2.imread(str(file), cv2.IMREAD_COLOR_RGB)
            photo = cv2.resize(small, (_PHOTO_PX, _PHOTO_PX), interpolation=cv2.INTER_CUBIC).astype(
                np.float32
            )
            photo = (photo + rng.normal(0, 2, photo.shape)).clip(0, 255).astype(np.uint8)
            save_png(folder / "good" / file.name, photo)
            photo[mask] = textures.draw(rng, _PHOTO_PX)[mask]
            save_png(folder / "samples" / file.name, photo)
        (folder / "textures").mkdir()
        for number in range(_TEXTURES):
            cv2.imwrite(str(folder / "textures" / f"{number:02}.jpg"), textures.draw(rng, 512))
        yield _Product(folder)
