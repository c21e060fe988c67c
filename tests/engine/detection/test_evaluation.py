"""Measuring and comparing, with detectors of which it is known how good they are."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from PIL import Image

from engine.data.images import save_png
from engine.detection import evaluation
from engine.detection.evaluation import compare_runs, evaluate_run
from engine.errors import EngineError
from engine.project.records import MapRecord, read_map_record
from engine.protocol import (
    CompareRunsJob,
    EvaluateRunJob,
    Event,
    FileRefused,
    InspectedPhoto,
    Measured,
    PhotoInspected,
    Warned,
)
from tests.engine.detection.material import good, sample, spot

KNOWING, BLIND, LARGE = "knowing", "blind", "large"


@dataclass
class Judge:
    """A detector: the knowing one finds what is brighter than any stripe, the blind one finds everything alike."""

    name: str

    @property
    def side(self) -> int:
        return 64 if self.name == LARGE else 40

    def infer(self, photos: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        maps = (photos.amax(1) > 0.6).float() if self.name == KNOWING else torch.full_like(photos[:, 0], 0.5)
        return maps, maps.amax((1, 2))


@pytest.fixture(autouse=True)
def _judges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "load_network", lambda _project, run: Judge(run))


@pytest.fixture
def photos(tmp_path: Path) -> tuple[InspectedPhoto, ...]:
    """Four good photos, four with a spot and its mask, one of them a support; all 40 pixels high and wide."""
    written = []
    save_png(tmp_path / "mask.png", spot(40, 40))
    for number in range(8):
        is_bad = number >= 4
        pixels = (sample if is_bad else good)(number % 4)[:, :40]
        save_png(tmp_path / f"{number}.png", pixels)
        mask = "mask.png" if is_bad else ""
        written.append(
            InspectedPhoto(photo=f"{number}.png", is_anomalous=is_bad, mask=mask, is_support=number == 7)
        )
    return tuple(written)


def figures(events: list[Event]) -> dict[str, Measured]:
    return {event.name: event for event in events if isinstance(event, Measured)}


def evaluated(project: Path, photos: tuple[InspectedPhoto, ...], run: str = KNOWING) -> list[Event]:
    return list(evaluate_run(EvaluateRunJob(project=str(project), run=run, photos=photos, resamples=20)))


def compared(project: Path, photos: tuple[InspectedPhoto, ...], first: str, second: str) -> list[Event]:
    job = CompareRunsJob(project=str(project), first=first, second=second, photos=photos, resamples=20)
    return list(compare_runs(job))


def test_who_knows_everything_gets_ones_and_who_is_blind_the_prior(
    tmp_path: Path, photos: tuple[InspectedPhoto, ...]
) -> None:
    knowing = figures(evaluated(tmp_path, photos))
    assert {figure.value for figure in knowing.values()} == {1.0}
    assert knowing["pixel AP, all test"].interval == (1.0, 1.0)
    blind = figures(evaluated(tmp_path, photos, BLIND))
    assert blind["image AUROC, all test"].value == 0.5
    assert blind["image AP, all test"].value == 4 / 8
    assert blind["image AP, supports excluded"].value == pytest.approx(3 / 7)
    assert blind["pixel AP, all test"].value == pytest.approx(4 * spot().sum() / (8 * 40 * 40))


def test_each_photo_is_told_with_its_map(tmp_path: Path, photos: tuple[InspectedPhoto, ...]) -> None:
    told = [event for event in evaluated(tmp_path, photos) if isinstance(event, PhotoInspected)]
    assert [(event.photo, event.score) for event in told] == [(f"{n}.png", float(n >= 4)) for n in range(8)]
    assert len({event.map for event in told}) == 8
    with Image.open(tmp_path / told[4].map) as found:
        assert np.array_equal(np.asarray(found), spot(40, 40).astype(np.uint16) * 65535)
    assert read_map_record(tmp_path / told[4].map) == MapRecord(photo="4.png", score=1, run=KNOWING)


def test_what_the_threshold_of_held_out_photos_gets_wrong_is_counted(
    tmp_path: Path, photos: tuple[InspectedPhoto, ...]
) -> None:
    place = tmp_path / "runs" / BLIND / "calibration.json"
    place.parent.mkdir(parents=True)
    place.write_text('{"scores": {"a.png": 0.25, "b.png": 0.4}}')
    events = evaluated(tmp_path, photos, BLIND)  # who scores everything 0.5
    told = figures(events)
    assert told["threshold, at most 1.0% false alarms"].value == 0.4
    assert told["missed, 0 of 3"].value == 0  # without the support
    assert told["false alarms, 4 of 4"].value == 1
    (warned,) = (event.message for event in events if isinstance(event, Warned))
    assert "2 good photos were held out" in warned
    assert "33%" in warned


def test_without_masks_there_are_no_figures_of_pixels(
    tmp_path: Path, photos: tuple[InspectedPhoto, ...]
) -> None:
    without = tuple(InspectedPhoto(photo=p.photo, is_anomalous=p.is_anomalous) for p in photos)
    assert {name.split()[0] for name in figures(evaluated(tmp_path, without))} == {"image"}


def test_helped_hurt_or_neither(tmp_path: Path, photos: tuple[InspectedPhoto, ...]) -> None:
    def conclusions(first: str, second: str) -> set[Any]:
        return {figure.unit for figure in figures(compared(tmp_path, photos, first, second)).values()}

    assert conclusions(BLIND, KNOWING) == {"helped"}
    assert conclusions(KNOWING, BLIND) == {"hurt"}
    assert conclusions(KNOWING, KNOWING) == {"no measurable change"}


def test_what_was_compared_is_kept(tmp_path: Path, photos: tuple[InspectedPhoto, ...]) -> None:
    told = figures(compared(tmp_path, photos, BLIND, KNOWING))
    kept = msgspec.json.decode((tmp_path / f"runs/{KNOWING}/compared-{BLIND}.json").read_bytes())
    assert kept["photos"] == 7  # without the support
    assert [each["name"] for each in kept["figures"]] == list(told)
    auroc = kept["figures"][0]
    assert (auroc["before"], auroc["after"], auroc["difference"]) == (0.5, 1.0, 0.5)
    assert (tuple(auroc["interval"]), auroc["conclusion"]) == (told["image AUROC"].interval, "helped")


def test_an_empty_mask_or_a_broken_photo_is_told_and_left_out(
    tmp_path: Path, photos: tuple[InspectedPhoto, ...]
) -> None:
    (tmp_path / "0.png").write_text("no photo")
    save_png(tmp_path / "empty.png", np.zeros((40, 40), bool))
    empty = InspectedPhoto(photo="5.png", is_anomalous=True, mask="empty.png")
    events = evaluated(tmp_path, (*photos[:5], empty, *photos[6:]))
    assert [event.path for event in events if isinstance(event, FileRefused)] == ["0.png", "5.png"]
    assert figures(events)["image AUROC, all test"].value == 1.0


@pytest.mark.parametrize(
    ("chosen", "said"),
    [(slice(0, 4), "no test photos with an anomaly"), (slice(4, 8), "no test photos of good parts")],
)
def test_photos_of_one_kind_cannot_be_measured_on(
    tmp_path: Path, photos: tuple[InspectedPhoto, ...], chosen: slice, said: str
) -> None:
    with pytest.raises(EngineError, match=said):
        evaluated(tmp_path, photos[chosen])
    with pytest.raises(EngineError, match=said):
        compared(tmp_path, photos[chosen], KNOWING, BLIND)


def test_detectors_of_different_sizes_are_not_compared(
    tmp_path: Path, photos: tuple[InspectedPhoto, ...]
) -> None:
    with pytest.raises(EngineError, match="looks at 40 pixels a side and large at 64"):
        compared(tmp_path, photos, KNOWING, LARGE)


def test_photos_that_samples_were_made_for_are_in_no_fair_figure(
    tmp_path: Path, photos: tuple[InspectedPhoto, ...]
) -> None:
    """Made for photo 6, which is broken: where it were looked at, it would be refused."""
    made_for = tuple(
        msgspec.structs.replace(photo, is_origin=True) if number == 6 else photo
        for number, photo in enumerate(photos)
    )
    events = evaluated(tmp_path, made_for, BLIND)
    assert figures(events)["image AP, all test"].value == 4 / 8
    assert figures(events)["image AP, supports excluded"].value == pytest.approx(2 / 6)
    (tmp_path / "6.png").write_text("no photo")
    compare_events = compared(tmp_path, made_for, BLIND, KNOWING)
    assert not any(isinstance(event, FileRefused) for event in compare_events)
    kept = msgspec.json.decode((tmp_path / f"runs/{KNOWING}/compared-{BLIND}.json").read_bytes())
    assert (kept["photos"], kept["origins"]) == (6, 1)
    for told in (events, compare_events):
        (warned,) = [event for event in told if isinstance(event, Warned)]
        assert warned.message.startswith("1 test photo is left out")


def test_where_samples_were_made_for_all_bad_photos_nothing_can_be_said(
    tmp_path: Path, photos: tuple[InspectedPhoto, ...]
) -> None:
    made_for = tuple(msgspec.structs.replace(photo, is_origin=photo.is_anomalous) for photo in photos)
    with pytest.raises(EngineError, match="no test photos with an anomaly"):
        compared(tmp_path, made_for, BLIND, KNOWING)
