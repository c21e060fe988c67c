"""A product that is drawn, and a project of it with everything that the pages show: the same each time."""

from pathlib import Path

import msgspec
import numpy as np
from PIL import Image, ImageDraw

from engine.data.images import save_png
from engine.geometry import Box
from engine.project import Project
from engine.protocol import SampleWritten
from tests.anogen_gui.model.learning_runs import RUN, choose_supports, learn_job, write_run
from tests.engine.project.product import run_import

WIDTH, HEIGHT = 240, 180
BOX = Box(center_x=150, center_y=70, width=56, height=32, angle_deg=20)
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
