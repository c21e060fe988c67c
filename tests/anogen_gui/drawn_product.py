"""A product that is drawn, and a project of it with everything that the pages show: the same each time."""

from pathlib import Path

import msgspec
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from engine.data.images import save_png
from engine.geometry import Box
from engine.project import Photo, Project
from engine.project.detecting import plan_train
from engine.protocol import PhotoInspected, SampleWritten, TrainJob, TrainSettings
from tests.anogen_gui.model.learning_runs import RUN, choose_supports, learn_job, write_run
from tests.anogen_gui.model.training_runs import (
    train_job,
    write_comparison,
    write_figures,
    write_training,
)
from tests.anogen_gui.ui.inspect.map_files import write_map
from tests.engine.project.product import run_import
from tests.engine.reporting.inspected import RUN as DETECTOR
from tests.engine.reporting.inspected import record_detector

WIDTH, HEIGHT = 240, 180
BOX = Box(center_x=150, center_y=70, width=56, height=32, angle_deg=20)
_STRENGTHS = (0.08, 0.21, 0.93, 0.78, 0.47, 0.24)
_VERDICTS = (
    "accepted",
    "rejected",
    "accepted",
    "undecided",
    "undecided",
    "undecided",
    "undecided",
    "undecided",
)


def draw_product(seed: int, is_cracked: bool = False) -> Image.Image:
    """A round part with holes, on a dark ground; with a crack at a place of its own."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", (WIDTH, HEIGHT), (52, 56, 62))
    draw = ImageDraw.Draw(image)
    shade = int(random.integers(-12, 12))
    draw.ellipse(
        (50, 20, 190, 160), fill=(196 + shade, 168 + shade, 120 + shade), outline=(120, 96, 60), width=4
    )
    draw.ellipse((72, 42, 168, 138), outline=(150 + shade, 124 + shade, 84), width=3)
    for angle in np.arange(8) * np.pi / 4 + random.uniform(0, 0.5):
        x, y = 120 + 34 * np.cos(angle), 90 + 34 * np.sin(angle)
        draw.ellipse((x - 5, y - 5, x + 5, y + 5), fill=(70, 58, 44))
    if is_cracked:
        draw.line(_crack(seed), fill=(40, 30, 24), width=5)
    return image


def draw_mask(seed: int) -> Image.Image:
    mask = Image.new("L", (WIDTH, HEIGHT), 0)
    ImageDraw.Draw(mask).line(_crack(seed), fill=255, width=9)
    return mask


def write_project(folder: Path) -> None:
    """Good photos, cracked ones with masks, a learned embedding of 'crack', a box, and judged samples."""
    source = folder.parent / "source"
    for number in range(5):
        _save(draw_product(number), source / f"train/good/{number:03}.png")
    for number in range(3):
        _save(draw_product(50 + number, True), source / f"test/crack/{number:03}.png")
        _save(draw_mask(50 + number), source / f"ground_truth/crack/{number:03}_mask.png")
    with Project.create(folder) as project:
        run_import(project, source)
        choose_supports(project)
        project.add_anomaly("hole")
        write_run(project, learn_job(project), strip=range(20, 140, 20))
        for step, file in enumerate(sorted((folder / "runs" / RUN / "strip").glob("*.png"))):
            draw_product(9, is_cracked=step > 2).crop((60, 30, 180, 150)).save(file)
        project.add_box(project.photos(role="good")[0].id, "crack", BOX)
        for number, verdict in enumerate(_VERDICTS):
            sample = _write_sample(project, number)
            project.set_verdict(sample, verdict)
        _write_trainings(project)


def _write_trainings(project: Project) -> None:
    """One without samples, and one with, which is measured and helped."""
    baseline = write_training(project, train_job(project, recipe="baseline"), "draem-baseline-light")
    anogen = write_training(project, train_job(project), "draem-anogen-light", steps=100)
    project.describe_run(anogen.id, "With cracks", "the first one")
    for place, file in enumerate(sorted((project.folder / "runs" / anogen.name / "heatmaps").glob("*.png"))):
        _draw_heatmaps(place).save(file)
    write_figures(project, anogen.name)
    write_comparison(project, baseline.name, anogen.name)


def _draw_heatmaps(place: int) -> Image.Image:
    """Four parts, and below them the same in blue, with less and less red."""
    image = Image.new("RGB", (512, 256))
    for column in range(4):
        part = draw_product(column, is_cracked=column < 3).crop((30, 0, 210, 180)).resize((128, 128))
        image.paste(part, (128 * column, 0))
        below = Image.blend(part, Image.new("RGB", part.size, (30, 60, 200)), 0.5)
        ImageDraw.Draw(below).ellipse((50, 40, 90 - 8 * place, 80 - 8 * place), fill=(210, 40, 20))
        image.paste(below, (128 * column, 128))
    return image


def write_inspected(folder: Path) -> None:
    """A project whose detector has looked at six test photos: two cracks are rejected, one is doubtful, one is missed.

    Bands are at 0.35 and 0.6, good photos are below.
    """
    source = folder.parent / "inspected"
    for number in range(5):
        _save(draw_product(number), source / f"train/good/{number:03}.png")
    for number in range(4):
        _save(draw_product(60 + number, True), source / f"test/crack/{number:03}.png")
        _save(draw_mask(60 + number), source / f"ground_truth/crack/{number:03}_mask.png")
    for number in range(2):
        _save(draw_product(70 + number), source / f"test/good/{number:03}.png")
    with Project.create(folder) as project:
        run_import(project, source)
        job = plan_train(project, TrainSettings(recipe="baseline", side=64, seed=7))
        record_detector(project, job)
        for place, photo in enumerate(project.photos("test")):
            _write_inspection(project, job, photo, _STRENGTHS[place])
        (row,) = project.runs()
        project.set_bands(row.id, 0.35, 0.6)


def _write_inspection(project: Project, job: TrainJob, photo: Photo, strength: float) -> None:
    """A map that is so strong in the middle of a crack, or where the part has its second hole."""
    y, x = np.mgrid[0:64, 0:64]
    mask = project.mask(photo)
    if mask is None:
        shape = np.exp(-((x - 40) ** 2 + (y - 44) ** 2) / 20)
    else:
        grey = (
            Image.fromarray(mask.astype(np.uint8) * 255).resize((64, 64)).filter(ImageFilter.GaussianBlur(2))
        )
        shape = np.asarray(grey) / np.asarray(grey).max()
    file = f"runs/{DETECTOR}/maps/{photo.path.replace('/', '-')}"
    (project.folder / file).parent.mkdir(exist_ok=True)
    write_map(project.folder / file, shape * strength)
    project.record(PhotoInspected(run=DETECTOR, photo=photo.path, score=strength, map=file), job)


def _write_sample(project: Project, number: int) -> int:
    """A cracked part in place of a good one; its number in the catalogue."""
    path = f"samples/crack/run1/{number:06}.png"
    save_png(project.folder / path, np.asarray(draw_product(number, True)))
    mask = path.replace(".png", "_mask.png")
    save_png(project.folder / mask, np.asarray(draw_mask(number)) > 0)
    xs, ys = zip(*_crack(number), strict=True)
    box = Box(
        center_x=(min(xs) + max(xs)) / 2,
        center_y=(min(ys) + max(ys)) / 2,
        width=max(xs) - min(xs) + 16,
        height=max(ys) - min(ys) + 16,
    )
    event = SampleWritten(
        photo=project.photos(role="good")[number % 5].path,
        image=path,
        mask=mask,
        seed=number,
        boxes=(box,),
        anomaly="crack",
        embedding=project.embeddings()[0].path,
    )
    project.record(msgspec.structs.replace(event, flags=("near_duplicate",) if number == 5 else ()))
    row = project.sample_at(path)
    assert row is not None
    return row.id


def _crack(seed: int) -> list[tuple[float, float]]:
    random = np.random.default_rng(1000 + seed)
    x, y = 90 + random.uniform(0, 40), 50 + random.uniform(0, 40)
    points = [(x, y)]
    for _ in range(4):
        x, y = x + random.uniform(4, 16), y + random.uniform(-8, 14)
        points.append((x, y))
    return points


def _save(image: Image.Image, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    image.save(file)
