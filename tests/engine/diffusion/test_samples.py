from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from engine.data.images import read_photo, read_png_text
from engine.diffusion.samples import (
    SampleFiles,
    SampleRecord,
    decisive_settings,
    derived_seed,
    finished_sample,
    plan_sample,
    run_name,
    sample_files,
    write_sample,
    written_event,
)
from engine.geometry import Box
from engine.protocol import GenerateJob
from tests.engine.diffusion.ready_project import ROTATED, UPRIGHT, generate_job, pixels, placement

IMAGE = pixels(0)
MASK = np.zeros(IMAGE.shape[:2], bool)
MASK[10:30, 20:50] = True


def job_with(boxes: tuple[Box, ...] = (UPRIGHT,), **settings: Any) -> GenerateJob:
    places = [placement("photos/good/a.png", *boxes), placement("photos/good/b.png")]
    return generate_job(Path("/somewhere"), places, **settings)


def record_of(job: GenerateJob, **changes: Any) -> SampleRecord:
    plan = plan_sample(job, 0)
    record = SampleRecord(
        anomaly=job.anomaly,
        embedding=job.embedding,
        embedding_sha256="e" * 64,
        backbone="embedded",
        backbone_hash="b" * 64,
        photo=plan.photo,
        photo_sha256="p" * 64,
        boxes=plan.boxes,
        seed=plan.seed,
        settings=decisive_settings(job),
        run="run",
        index=plan.index,
    )
    return msgspec.structs.replace(record, **changes)


def files_in(project: Path) -> SampleFiles:
    return sample_files(project, "crack", "run", plan_sample(job_with(), 0))


# --- names, plans, seeds ---------------------------------------------------------------------------------


def test_a_run_is_named_by_what_decides_its_samples() -> None:
    name = run_name(job_with(), "e")
    assert name.startswith("crack-")
    assert name == run_name(job_with(count=50, batch_size=1), "e")
    others = [
        run_name(job_with(), "another embedding"),
        run_name(job_with(boxes=(ROTATED,)), "e"),
        run_name(job_with(seed=8), "e"),
        run_name(job_with(guidance=2.0), "e"),
        run_name(job_with(profile="paper"), "e"),
    ]
    assert len({name, *others}) == 6


def test_a_run_without_a_seed_has_no_name() -> None:
    with pytest.raises(ValueError, match="seed"):
        run_name(job_with(seed=None), "e")


def test_samples_go_to_the_placements_in_turn() -> None:
    plans = [plan_sample(job_with(), index) for index in range(5)]
    assert [plan.photo[-5] for plan in plans] == ["a", "b", "a", "b", "a"]
    assert [plan.boxes for plan in plans[:2]] == [(UPRIGHT,), ()]
    assert [plan.index for plan in plans] == [0, 1, 2, 3, 4]
    assert len({plan.seed for plan in plans}) == 5


def test_how_many_samples_there_are_changes_none_of_them() -> None:
    assert plan_sample(job_with(count=2), 1) == plan_sample(job_with(count=1_000_000), 1)


def test_derived_seeds_depend_on_every_part_and_their_order() -> None:
    seeds = [derived_seed(1, 2, 3), derived_seed(1, 3, 2), derived_seed(1, 2), derived_seed(1, 2, 4)]
    assert len(set(seeds)) == 4
    assert derived_seed(1, 2, 3) == seeds[0]
    assert all(0 <= derived_seed(7, index) < 2**31 for index in range(200))


def test_photos_of_the_same_name_get_files_of_their_own(tmp_path: Path) -> None:
    places = [placement("photos/good/a/1.png"), placement("photos/good/b/1.png")]
    plans = [plan_sample(generate_job(tmp_path, places), index) for index in range(2)]
    files = [sample_files(tmp_path, "crack", "run", plan) for plan in plans]
    assert len({path for each in files for path in (each.image, each.mask)}) == 4
    assert files[0].image == "samples/crack/run/00000-1.png"


# --- on the disk -----------------------------------------------------------------------------------------


def test_a_sample_carries_what_it_was_made_from(tmp_path: Path) -> None:
    files, record = files_in(tmp_path), record_of(job_with(boxes=(ROTATED,)), flags=("near_duplicate",))
    write_sample(files, IMAGE, MASK, record)
    np.testing.assert_array_equal(read_photo(files.image_path), IMAGE)
    np.testing.assert_array_equal(read_photo(files.mask_path)[..., 0] == 255, MASK)
    text = read_png_text(files.image_path)
    assert msgspec.json.decode(text["anogen"], type=SampleRecord) == record
    assert text["Software"].startswith("AnoGen Studio")


def test_a_finished_sample_is_found(tmp_path: Path) -> None:
    files, record = files_in(tmp_path), record_of(job_with())
    assert finished_sample(files, record) is None
    done = msgspec.structs.replace(record, flags=("nothing_changed",), fingerprints=("00",))
    write_sample(files, IMAGE, MASK, done)
    assert finished_sample(files, record) == done


def test_boxes_that_were_placed_automatically_are_those_of_the_file(tmp_path: Path) -> None:
    files, record = files_in(tmp_path), record_of(job_with(boxes=()))
    done = msgspec.structs.replace(record, boxes=(UPRIGHT, ROTATED))
    write_sample(files, IMAGE, MASK, done)
    found = finished_sample(files, record)
    assert found is not None
    assert found.boxes == (UPRIGHT, ROTATED)


@pytest.mark.parametrize(
    "difference",
    [
        {"seed": 1},
        {"boxes": (ROTATED,)},
        {"photo_sha256": "another"},
        {"embedding_sha256": "another"},
        {"backbone_hash": "another"},
        {"device": "cuda"},
        {"settings": {"steps": 3}},
        {"version": 0},
    ],
    ids=str,
)
def test_a_sample_that_was_made_from_something_else_is_not_finished(
    tmp_path: Path, difference: dict[str, Any]
) -> None:
    files, record = files_in(tmp_path), record_of(job_with())
    write_sample(files, IMAGE, MASK, msgspec.structs.replace(record, **difference))
    assert finished_sample(files, record) is None


@pytest.mark.parametrize("part", ["image_path", "mask_path"])
@pytest.mark.parametrize("damage", ["missing", "cut off", "one byte", "no PNG"])
def test_a_damaged_sample_is_not_finished(tmp_path: Path, part: str, damage: str) -> None:
    files, record = files_in(tmp_path), record_of(job_with())
    write_sample(files, IMAGE, MASK, record)
    path: Path = getattr(files, part)
    content = bytearray(path.read_bytes())
    if damage == "missing":
        path.unlink()
    elif damage == "one byte":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    else:
        path.write_bytes(content[: len(content) // 2] if damage == "cut off" else b"text")
    assert finished_sample(files, record) is None


def test_a_foreign_png_is_not_finished(tmp_path: Path) -> None:
    files, record = files_in(tmp_path), record_of(job_with())
    write_sample(files, IMAGE, MASK, record)
    files.image_path.write_bytes(files.mask_path.read_bytes())
    assert finished_sample(files, record) is None


def test_what_is_told_of_a_sample(tmp_path: Path) -> None:
    files, record = files_in(tmp_path), record_of(job_with(), flags=("nothing_changed",))
    event = written_event(files, record, reused=True)
    assert (event.image, event.mask) == (files.image, files.mask)
    assert (event.photo, event.boxes, event.seed) == (record.photo, record.boxes, record.seed)
    assert (event.flags, event.embedding, event.reused) == (record.flags, record.embedding, True)


def test_a_run_keeps_its_name_unless_its_boxes_were_placed_for_a_photo() -> None:
    """What was made with the same settings is found again, also by a later version."""
    job = job_with(seed=3)
    assert run_name(job, "e" * 64) == "crack-aaa26a991ebe"
    placements = tuple(msgspec.structs.replace(each, origin="photos/test/a.png") for each in job.placements)
    assert run_name(msgspec.structs.replace(job, placements=placements), "e" * 64) != "crack-aaa26a991ebe"
