"""The job *generate* as a whole, on real files with a tiny backbone."""

import os
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from engine.data.files import sha256_of
from engine.data.images import read_photo, read_png_record
from engine.diffusion.generation import generate
from engine.diffusion.samples import SampleRecord
from engine.errors import EngineError, StopAndKeep
from engine.geometry import Box, BoxRange, Size
from engine.protocol import (
    GenerateJob,
    SampleWritten,
    Started,
    decode_event,
    encode_line,
)
from tests.engine.diffusion.ready_project import (
    EMBEDDING,
    ROTATED,
    UPRIGHT,
    changed_pixels,
    generate_job,
    pixels,
    placement,
    sample_bytes,
    samples,
    write_embedding,
    write_photos,
)
from tests.engine.diffusion.test_foreground import disc
from tests.engine.diffusion.tiny_backbones import build

DATA = Path(os.environ.get("ANOGEN_DATA", Path(__file__).parents[4] / "shared" / "data"))
FIRST = "photos/good/000.png"
AT_THE_EDGE = Box(center_x=100, center_y=68, width=22, height=16, angle_deg=-20)


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("embedded", tmp_path_factory.mktemp("backbone"))


@pytest.fixture
def project(backbone: Path, tmp_path: Path) -> Path:
    write_photos(tmp_path / "P")
    write_embedding(tmp_path / "P", backbone)
    return tmp_path / "P"


def files_of(project: Path) -> set[Path]:
    return {path for path in project.rglob("*") if path.is_file()}


# --- every pixel outside the mask is the photo's ---------------------------------------------------------


def photo_of(mode: str) -> Image.Image:
    """The same picture in other modes and depths."""
    colour = pixels(5)
    if mode == "16 bit":
        return Image.fromarray(colour[..., 0].astype(np.uint16) * 257)
    if mode == "RGBA":
        alpha = np.full(colour.shape[:2], 255, np.uint8)
        alpha[:, :20] = 128
        return Image.fromarray(np.dstack([colour, alpha]))
    return Image.fromarray(colour).convert(mode)


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "16 bit", "P"])
def test_outside_the_mask_every_pixel_is_the_photo_s(project: Path, mode: str) -> None:
    photo_of(mode).save(project / FIRST)
    boxes = (UPRIGHT, ROTATED, AT_THE_EDGE)
    (sample,) = samples(generate(generate_job(project, [placement(FIRST, *boxes)], count=1)))
    changed, mask = changed_pixels(project, sample)
    assert not (changed & ~mask).any()
    assert changed[mask].mean() > 0.5
    assert sample.boxes == boxes
    is_grey = mode in ("L", "16 bit")
    with Image.open(project / sample.image) as image:
        assert image.mode == ("L" if is_grey else "RGB")
        assert image.size == (104, 72)


@pytest.mark.parametrize("size", [(20, 16), (40, 300), (640, 480)])
def test_samples_have_the_photo_s_own_size(project: Path, size: tuple[int, int]) -> None:
    write_photos(project, 1, width=size[0], height=size[1])
    box = Box(center_x=size[0] / 2, center_y=size[1] / 2, width=size[0] / 2, height=size[1] / 3, angle_deg=5)
    (sample,) = samples(generate(generate_job(project, [placement(FIRST, box)], count=1)))
    changed, mask = changed_pixels(project, sample)
    assert mask.shape == (size[1], size[0])
    assert mask.sum() == pytest.approx(box.area, rel=0.15)
    assert changed.any()
    assert not (changed & ~mask).any()


@pytest.mark.parametrize("kind", ["ldm", "sd1", "sd2-v-inpaint"])
def test_other_backbones_keep_the_photo_too(tmp_path: Path, kind: str) -> None:
    write_photos(tmp_path)
    write_embedding(tmp_path, build(kind, tmp_path / "backbone"))
    (sample,) = samples(generate(generate_job(tmp_path, [placement(FIRST, ROTATED)], count=1)))
    changed, mask = changed_pixels(tmp_path, sample)
    assert changed.any()
    assert not (changed & ~mask).any()


@pytest.mark.real_photos
@pytest.mark.skipif(not DATA.exists(), reason="the real photos are not here")
def test_a_real_photo_keeps_its_pixels(project: Path) -> None:
    photo = DATA / "cookie" / "train" / "good" / "normal-1.jpg"
    (project / "photos" / "good" / photo.name).write_bytes(photo.read_bytes())
    path = f"photos/good/{photo.name}"
    (sample,) = samples(generate(generate_job(project, [placement(path)], count=1, boxes_per_photo=3)))
    changed, mask = changed_pixels(project, sample)
    assert changed.any()
    assert not (changed & ~mask).any()


# --- the same seed, the same bytes -----------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_whatever_the_batch_size(
    project: Path, backbone: Path, tmp_path: Path
) -> None:
    places = [placement(FIRST, UPRIGHT, ROTATED), placement("photos/good/001.png")]
    made = {}
    for batch_size in (1, 3):
        folder = tmp_path / f"batch-{batch_size}"
        write_photos(folder)
        write_embedding(folder, backbone)
        job = generate_job(folder, places, count=3, candidates=2, batch_size=batch_size)
        made[batch_size] = sample_bytes(folder, list(generate(job)))
    assert len(made[1]) == 6
    assert made[1] == made[3]
    other = generate_job(project, places, count=3, candidates=2, seed=8)
    images = sample_bytes(project, list(generate(other)))[::2]
    assert not set(images) & set(made[1])


def test_every_sample_of_a_run_is_another_one(project: Path) -> None:
    events = list(generate(generate_job(project, [placement(FIRST, UPRIGHT)], count=4)))
    images = [read_photo(project / event.image).tobytes() for event in samples(events)]
    assert len(set(images)) == 4
    assert len({event.seed for event in samples(events)}) == 4


def test_a_job_without_a_seed_draws_one_and_notes_it(project: Path) -> None:
    list(generate(generate_job(project, [placement(FIRST, UPRIGHT)], count=1, seed=None)))
    (noted,) = project.glob("runs/*/job.json")
    job = msgspec.json.decode(noted.read_bytes(), type=GenerateJob)
    assert job.settings.seed is not None
    (sample,) = samples(generate(job))
    assert sample.reused


# --- what a sample says of itself ------------------------------------------------------------------------


def test_all_settings_are_in_the_png(project: Path, backbone: Path) -> None:
    job = generate_job(project, [placement(FIRST, ROTATED)], count=1, guidance=2.5)
    (sample,) = samples(generate(job))
    record = msgspec.convert(read_png_record(project / sample.image), SampleRecord)
    assert record.boxes == (ROTATED,)
    assert record.photo == FIRST
    assert record.photo_sha256 == sha256_of(project / FIRST)
    assert record.embedding == sample.embedding == EMBEDDING
    assert record.embedding_sha256 == sha256_of(project / EMBEDDING)
    assert record.backbone == str(backbone)
    assert record.seed == sample.seed
    assert {name: record.settings[name] for name in ("seed", "steps", "guidance", "profile")} == {
        "seed": 7,
        "steps": 4,
        "guidance": 2.5,
        "profile": "product",
    }
    assert sample.image.startswith(f"samples/crack/{record.run}/")


def test_a_sample_says_which_photo_it_was_made_for(project: Path) -> None:
    missed = msgspec.structs.replace(placement(FIRST, UPRIGHT), origin="photos/test/crack/001.png")
    made = samples(generate(generate_job(project, [placement(FIRST, UPRIGHT), missed], count=2, seed=1)))
    assert [sample.origin for sample in made] == ["", missed.origin]
    for sample in made:
        assert read_png_record(project / sample.image, "anogen")["origin"] == sample.origin
    again = samples(generate(generate_job(project, [placement(FIRST, UPRIGHT), missed], count=2, seed=1)))
    assert [(sample.origin, sample.reused) for sample in again] == [("", True), (missed.origin, True)]


def test_events_travel_as_json(project: Path) -> None:
    events = list(generate(generate_job(project, [placement(FIRST)], count=1)))
    assert isinstance(events[0], Started)
    assert [decode_event(encode_line(event)) for event in events] == events


# --- boxes -----------------------------------------------------------------------------------------------


def test_photos_without_boxes_get_them_on_the_part(backbone: Path, tmp_path: Path) -> None:
    """As many as asked for, as large as the supports say; another place for every sample."""
    sizes = BoxRange(width=(0.1, 0.12), height=(0.08, 0.1))
    write_embedding(tmp_path, backbone, sizes)
    path = tmp_path / FIRST
    path.parent.mkdir(parents=True)
    Image.fromarray(disc(200, 20)).save(path)
    job = generate_job(tmp_path, [placement(FIRST)], count=2, boxes_per_photo=3)
    first, second = samples(generate(job))
    assert len(first.boxes) == 3
    assert first.boxes != second.boxes
    for box in (*first.boxes, *second.boxes):
        assert 31.9 <= box.width <= 38.5
        assert abs(box.center_x - 170) < 80
        assert abs(box.center_y - 120) < 80
    changed, mask = changed_pixels(tmp_path, first)
    assert mask.sum() == pytest.approx(sum(box.area for box in first.boxes), rel=0.05)
    assert not (changed & ~mask).any()


@pytest.mark.parametrize(
    ("box", "problem"),
    [
        (Box(center_x=300, center_y=20, width=20, height=20), "lies outside the photo"),
        (Box(center_x=50, center_y=20, width=20, height=0), "has no area"),
        (Box(center_x=50, center_y=20, width=200, height=20), "is larger than the photo"),
    ],
)
def test_a_bad_box_gets_one_sentence(project: Path, box: Box, problem: str) -> None:
    with pytest.raises(EngineError, match=problem) as told:
        list(generate(generate_job(project, [placement(FIRST, box)], count=1)))
    assert FIRST in told.value.message
    assert told.value.message.count(". ") == 0
    assert "104×72" in told.value.hint
    assert not list(project.glob("samples/**/*.png"))


# --- how it ends -----------------------------------------------------------------------------------------


def test_stop_and_keep_ends_with_what_is_finished(project: Path) -> None:
    events = generate(generate_job(project, [placement(FIRST, UPRIGHT)], count=4, batch_size=1))
    first = next(event for event in events if isinstance(event, SampleWritten))
    with pytest.raises(StopIteration):
        events.throw(StopAndKeep())  # type: ignore[attr-defined]
    assert (project / first.image).is_file()
    assert len(list(project.glob("samples/**/*_mask.png"))) == 1


def test_what_a_killed_run_left_half_written_is_removed(project: Path) -> None:
    job = generate_job(project, [placement(FIRST, UPRIGHT)], count=1)
    (sample,) = samples(generate(job))
    leftover = (project / sample.image).with_name(".writing-1234-00001-000.png")
    leftover.write_bytes(b"half")
    list(generate(job))
    assert not leftover.exists()


def test_without_a_good_photo_there_is_nothing_to_do(project: Path) -> None:
    with pytest.raises(EngineError, match="no good photo"):
        list(generate(generate_job(project, [])))


def test_an_embedding_that_is_gone_is_told_before_anything_is_written(project: Path) -> None:
    (project / EMBEDDING).unlink()
    before = files_of(project)
    with pytest.raises(EngineError, match="There is no embedding"):
        list(generate(generate_job(project, [placement(FIRST, UPRIGHT)])))
    assert files_of(project) == before


# --- the paper profile -----------------------------------------------------------------------------------


def test_the_paper_profile_redraws_the_whole_photo(project: Path) -> None:
    job = generate_job(project, [placement(FIRST, UPRIGHT, ROTATED)], count=2, profile="paper", steps=3)
    events = list(generate(job))
    for sample in samples(events):
        changed, mask = changed_pixels(project, sample)
        assert changed.mean() > 0.9
        assert mask.sum() == pytest.approx(UPRIGHT.area + ROTATED.area, rel=0.05)
        assert "changed_outside" in sample.flags
    again = list(generate(job))
    assert all(event.reused for event in samples(again))


def test_the_photo_s_size_is_what_a_person_sees(project: Path) -> None:
    """Turned by its EXIF tag, the photo is 72×104: a box below row 72 is inside it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    path = "photos/good/turned.jpg"
    Image.fromarray(pixels(0)).save(project / path, exif=exif)
    box = Box(center_x=36, center_y=90, width=20, height=20)
    (sample,) = samples(generate(generate_job(project, [placement(path, box)], count=1)))
    changed, mask = changed_pixels(project, sample)
    assert Size(mask.shape[1], mask.shape[0]) == Size(72, 104)
    assert changed[80:100, 26:46].any()
    assert not (changed & ~mask).any()
