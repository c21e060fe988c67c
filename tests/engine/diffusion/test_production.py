"""How a run goes on: order, memory, progress, what is refused and what is found."""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from engine.data.images import read_photo, save_png
from engine.diffusion import preview, production
from engine.diffusion.backbone import Backbone
from engine.diffusion.generation import generate
from engine.diffusion.samples import derived_seed
from engine.errors import EngineError
from engine.geometry import Box
from engine.protocol import Event, FileRefused, PreviewReady, Progress, SampleWritten, Warned
from tests.engine.diffusion.ready_project import (
    ROTATED,
    UPRIGHT,
    generate_job,
    pixels,
    placement,
    sample_bytes,
    samples,
    write_embedding,
    write_photos,
)
from tests.engine.diffusion.tiny_backbones import build

FIRST, SECOND = "photos/good/000.png", "photos/good/001.png"
PLACES = [placement(FIRST, UPRIGHT, ROTATED), placement(SECOND, UPRIGHT)]


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("embedded", tmp_path_factory.mktemp("backbone"))


@pytest.fixture
def project(backbone: Path, tmp_path: Path) -> Path:
    return make_project(tmp_path / "P", backbone)


def make_project(folder: Path, backbone: Path) -> Path:
    write_photos(folder)
    write_embedding(folder, backbone)
    return folder


@pytest.fixture(scope="module")
def undisturbed(backbone: Path, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Image and mask of each of five samples of a run that nothing went wrong with."""
    project = make_project(tmp_path_factory.mktemp("undisturbed"), backbone)
    return sample_bytes(project, list(generate(generate_job(project, PLACES, count=5))))


def of_kind(events: list[Event], kind: type[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def leftovers(project: Path) -> list[Path]:
    return list(project.rglob(".writing-*"))


# --- going on after an interruption ----------------------------------------------------------------------


def test_an_interrupted_run_goes_on_and_ends_with_the_same_bytes(
    project: Path, undisturbed: list[bytes]
) -> None:
    job = generate_job(project, PLACES, count=5, batch_size=2)
    kept = interrupt(generate(job), after=2)
    times = {
        path: (project / path).stat().st_mtime_ns for event in kept for path in (event.image, event.mask)
    }
    events = list(generate(job))
    assert [event.reused for event in samples(events)] == [True, True, False, False, False]
    assert sample_bytes(project, events) == undisturbed
    assert {path: (project / path).stat().st_mtime_ns for path in times} == times


def interrupt(events: Iterator[Event], after: int) -> list[SampleWritten]:
    """Close the job once so many samples are written; those."""
    written: list[SampleWritten] = []
    for event in events:
        written += samples([event])
        if len(written) == after:
            events.close()  # type: ignore[attr-defined]
            break
    return written


def test_a_sample_that_was_damaged_since_is_made_again(project: Path) -> None:
    job = generate_job(project, PLACES, count=3)
    first = list(generate(job))
    before = sample_bytes(project, first)
    (project / samples(first)[1].mask).write_bytes(b"")
    again = list(generate(job))
    assert [event.reused for event in samples(again)] == [True, False, True]
    assert sample_bytes(project, again) == before


def test_more_samples_of_the_same_job_keep_the_first_ones(project: Path) -> None:
    first = list(generate(generate_job(project, PLACES, count=2)))
    more = list(generate(generate_job(project, PLACES, count=4)))
    assert [event.reused for event in samples(more)] == [True, True, False, False]
    assert [event.image for event in samples(more)[:2]] == [event.image for event in samples(first)]


def test_a_photo_that_changed_since_gets_a_new_sample(project: Path) -> None:
    job = generate_job(project, PLACES)
    before = sample_bytes(project, list(generate(job)))
    save_png(project / SECOND, pixels(77))
    events = list(generate(job))
    assert [event.reused for event in samples(events)] == [True, False]
    assert sample_bytes(project, events) != before


# --- memory ----------------------------------------------------------------------------------------------


def starve(monkeypatch: pytest.MonkeyPatch, failures: int, error: Exception) -> None:
    """The first calls of the U-Net fail."""
    predict, calls = Backbone.predict, iter(range(failures))

    def hungry(self: Backbone, *inputs: Tensor, **named: Tensor) -> Tensor:
        if next(calls, None) is not None:
            raise error
        return predict(self, *inputs, **named)

    monkeypatch.setattr(Backbone, "predict", hungry)


@pytest.mark.parametrize(
    "error",
    [
        torch.cuda.OutOfMemoryError("CUDA out of memory."),
        RuntimeError("can't allocate memory"),
        MemoryError(),
    ],
    ids=["cuda", "cpu", "python"],
)
def test_out_of_memory_halves_the_batch_and_goes_on(
    project: Path, undisturbed: list[bytes], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    starve(monkeypatch, 2, error)
    events = list(generate(generate_job(project, PLACES, count=3)))
    assert [event.message for event in of_kind(events, Warned)] == [
        "Memory ran out with 4 crops at a time; going on with 2.",
        "Memory ran out with 2 crops at a time; going on with 1.",
    ]
    assert sample_bytes(project, events) == undisturbed[:6]


def test_memory_for_not_even_one_crop_ends_with_a_sentence(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starve(monkeypatch, 1000, RuntimeError("[enforce fail] not enough memory: you tried to allocate 9 GB"))
    with pytest.raises(EngineError, match="not enough memory to generate a single crop"):
        list(generate(generate_job(project, PLACES)))


def test_any_other_failure_is_not_taken_for_a_lack_of_memory(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starve(monkeypatch, 1, RuntimeError("shapes do not fit"))
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        list(generate(generate_job(project, PLACES)))


def test_large_photos_are_not_open_all_at_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    most = 0

    class Counted(production.ProductCanvas):
        def __init__(self, *inputs: Any) -> None:
            super().__init__(*inputs)
            opened.append(1)

        def advance(self) -> None:
            nonlocal most
            most = max(most, len(opened))
            was_open = not self.is_finished
            super().advance()
            if was_open and self.is_finished:
                opened.pop()

    monkeypatch.setattr(production, "ProductCanvas", Counted)
    job = generate_job(project, [placement(FIRST, UPRIGHT)], count=4, batch_size=4)
    list(generate(job))
    assert most == 4
    most = 0
    monkeypatch.setattr(production, "_PIXELS_OPEN", 1)
    list(generate(generate_job(project, [placement(FIRST, UPRIGHT)], count=4, batch_size=4, seed=8)))
    assert most == 1


# --- what cannot be used, what cannot be written ---------------------------------------------------------


def test_a_photo_that_was_deleted_is_told_once_and_the_others_go_on(project: Path) -> None:
    (project / FIRST).unlink()
    events = list(generate(generate_job(project, PLACES, count=6)))
    (refused,) = of_kind(events, FileRefused)
    assert refused.path == FIRST
    assert "000.png does not exist." in refused.reason
    assert [event.photo for event in samples(events)] == [SECOND] * 3


def test_a_photo_that_was_removed_is_told_once_and_what_was_made_on_it_stays(project: Path) -> None:
    job = generate_job(project, PLACES, count=2)
    made = samples(list(generate(job)))
    more = msgspec.structs.replace(generate_job(project, PLACES, count=6), left_out=(FIRST,))
    events = list(generate(more))
    (refused,) = of_kind(events, FileRefused)
    assert (refused.path, "was removed from the project" in refused.reason) == (FIRST, True)
    assert sorted(event.photo for event in samples(events)) == [FIRST, SECOND, SECOND, SECOND]
    assert {event.image for event in made} < {event.image for event in samples(events)}


def test_a_bad_box_on_one_photo_leaves_the_others(project: Path) -> None:
    outside = Box(center_x=500, center_y=20, width=10, height=10)
    events = list(generate(generate_job(project, [placement(FIRST, UPRIGHT, outside), PLACES[1]])))
    (refused,) = of_kind(events, FileRefused)
    assert f"on {FIRST}" in refused.reason
    assert len(samples(events)) == 1


def test_where_nothing_can_be_used_the_job_fails_with_the_reason(project: Path) -> None:
    (project / FIRST).write_bytes(b"")
    with pytest.raises(EngineError, match=r"000\.png is empty"):
        list(generate(generate_job(project, [placement(FIRST, UPRIGHT)])))


@pytest.mark.parametrize("written_before", [0, 3])
def test_a_full_disk_gets_one_sentence_and_leaves_no_partial_file(
    project: Path, monkeypatch: pytest.MonkeyPatch, written_before: int
) -> None:
    """Each sample is two files: with three written, the second sample has a mask and no image."""
    save, left = Image.Image.save, iter(range(written_before))

    def full(self: Image.Image, path: Any, *inputs: Any, **named: Any) -> None:
        if next(left, None) is None:
            Path(path).write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        save(self, path, *inputs, **named)

    job = generate_job(project, PLACES, count=3, batch_size=1)
    written: list[SampleWritten] = []
    with monkeypatch.context() as patch:
        patch.setattr(Image.Image, "save", full)
        with pytest.raises(EngineError, match="The disk is full"):
            written += samples(generate(job))
    images = [path for path in (project / "samples").rglob("*.png") if not path.stem.endswith("_mask")]
    assert len(images) == written_before // 2
    assert leftovers(project) == []
    assert [event.reused for event in samples(generate(job))] == [True] * len(images) + [False] * (
        3 - len(images)
    )


# --- flags -----------------------------------------------------------------------------------------------


def test_the_same_drawing_twice_is_a_near_duplicate(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sample on the first photo gets the same noise."""
    monkeypatch.setattr("engine.diffusion.canvas.derived_seed", lambda seed, *parts: derived_seed(1, *parts))
    job = generate_job(project, PLACES, count=4, perturbation=0.0)
    flags = ["near_duplicate" in event.flags for event in samples(generate(job))]
    assert flags == [False, False, True, True]


def test_a_box_that_stays_as_it_was_is_drawn_again_and_flagged(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blind(self: Backbone, latents: Tensor) -> Tensor:
        return torch.zeros(len(latents), 3, 32, 32)

    monkeypatch.setattr(Backbone, "decode", blind)
    events = list(generate(generate_job(project, [placement(FIRST, UPRIGHT)], count=1)))
    (sample,) = samples(events)
    assert sample.flags == ("nothing_changed",)
    assert len(of_kind(events, Progress)) >= 3 * 4
    np.testing.assert_array_equal(read_photo(project / sample.image), read_photo(project / FIRST))


# --- what is told on the way -----------------------------------------------------------------------------


@pytest.mark.parametrize("candidates", [1, 2])
def test_progress_rises_to_its_total(project: Path, candidates: int) -> None:
    job = generate_job(project, PLACES, count=4, batch_size=2, candidates=candidates)
    progress = of_kind(list(generate(job)), Progress)
    steps = [event.step for event in progress]
    assert steps == sorted(steps)
    assert steps[-1] == progress[-1].total
    assert progress[-1].stage == "4 of 4 samples"
    assert len(set(steps)) > 10


def test_the_time_left_is_that_of_what_is_to_be_drawn(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With two samples there already, the two others take their own time and not half of it."""
    list(generate(generate_job(project, PLACES, count=2)))
    now = iter(range(10_000))

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return float(next(now))

    monkeypatch.setattr(production, "time", Clock)
    events = list(generate(generate_job(project, PLACES, count=4, batch_size=4)))
    drawn = [event for event in of_kind(events, Progress) if event.eta_s is not None]
    first, last = drawn[0], drawn[-1]
    assert first.eta_s == pytest.approx(3)  # a step took a second, and three are left
    assert last.eta_s == 0


@pytest.mark.parametrize("profile", ["product", "paper"])
def test_previews_come_while_a_box_is_drawn_and_say_where(
    project: Path, monkeypatch: pytest.MonkeyPatch, profile: str
) -> None:
    monkeypatch.setattr(preview, "_EVERY_S", 0.0)
    monkeypatch.setattr(preview, "_SHARE", 1e9)
    events = list(generate(generate_job(project, PLACES, count=1, profile=profile)))
    previews = of_kind(events, PreviewReady)
    assert [event.step for event in previews[:4]] == [1, 2, 3, 4]
    assert {event.photo for event in previews} == {FIRST}
    boxes = {UPRIGHT} if profile == "product" else {Box.from_bounds(0, 0, 104, 72)}
    assert {event.box for event in previews} == boxes
