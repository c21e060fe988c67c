"""Inspecting: what is told and written of each photo, and what is left when it is stopped or the disk is full."""

import csv
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from PIL import Image

from engine.data.images import save_png
from engine.detection import inspection
from engine.detection.inspection import inspect
from engine.errors import EngineError, StopAndKeep
from engine.project.records import MapRecord, read_map_record
from engine.protocol import Event, FileRefused, FileWritten, InspectJob, PhotoInspected, Progress, Started
from tests.engine.detection.material import good, sample, spot

RUN = "draem-baseline-light-0123456789"
Events = Generator[Event, None, None]


class Judge:
    """A detector that finds what is brighter than any stripe."""

    side = 40

    def infer(self, photos: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        maps = (photos.amax(1) > 0.6).float()
        return maps, maps.amax((1, 2))


@pytest.fixture(autouse=True)
def _judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "load_network", lambda _project, _run: Judge())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Six photos 0.png to 5.png, those with odd numbers have a spot."""
    for number in range(6):
        pixels = (sample if number % 2 else good)(0)[:, :40]
        save_png(tmp_path / "P" / f"{number}.png", pixels)
    return tmp_path / "P"


def begin(project: Path, out: str = "", **more: Any) -> Events:
    files = tuple(f"{number}.png" for number in range(6))
    job = InspectJob(project=str(project), run=RUN, files=files, out=out, **more)
    return cast(Events, inspect(job))


def of(events: list[Event], kind: type[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def test_each_photo_in_its_order_and_nothing_but_maps(project: Path) -> None:
    events = list(begin(project))
    assert isinstance(events[0], Started)
    assert [(each.photo, each.score) for each in of(events, PhotoInspected)] == [
        (f"{number}.png", number % 2) for number in range(6)
    ]
    assert [each.step for each in of(events, Progress)] == [1, 2, 3, 4, 5, 6]
    assert not of(events, FileWritten)
    told = of(events, PhotoInspected)[1]
    with Image.open(project / told.map) as found:
        assert np.array_equal(np.asarray(found), spot(40, 40).astype(np.uint16) * 65535)
    assert read_map_record(project / told.map) == MapRecord(photo="1.png", score=1, run=RUN)
    assert len(list(project.rglob("*_heatmap.png"))) == 0


def test_a_photo_has_one_map_however_it_is_named(project: Path, tmp_path: Path) -> None:
    save_png(tmp_path / "elsewhere/0.png", good(0))
    files = ("0.png", str(project / "0.png"), str(tmp_path / "elsewhere/0.png"))
    told = of(list(inspect(InspectJob(project=str(project), run=RUN, files=files))), PhotoInspected)
    assert [each.photo for each in told] == ["0.png", "0.png", files[2]]
    assert told[0].map == told[1].map != told[2].map


def test_bad_files_are_told_in_their_place_and_have_no_row(project: Path, tmp_path: Path) -> None:
    (project / "2.png").write_text("no photo")
    (project / "4.png").unlink()
    events = list(begin(project, str(tmp_path / "out"), look_again_above=0.25, reject_above=0.5))
    assert [each.path for each in of(events, FileRefused)] == ["2.png", "4.png"]
    assert [each.step for each in of(events, Progress)] == [1, 2, 3, 4, 5, 6]
    with (tmp_path / "out/scores.csv").open(newline="") as file:
        rows = [(row["file"], row["verdict"]) for row in csv.DictReader(file)]
    assert rows == [("0.png", "OK"), ("1.png", "NG"), ("3.png", "NG"), ("5.png", "NG")]


def test_stopped_the_table_holds_what_was_told(project: Path, tmp_path: Path) -> None:
    events = begin(project, str(tmp_path / "out"))
    told = [next(event for event in events if isinstance(event, PhotoInspected))]
    rest: list[Event] = [events.throw(StopAndKeep()), *events]
    assert isinstance(rest[-1], FileWritten)
    with (tmp_path / "out/scores.csv").open(newline="") as file:
        assert [row["file"] for row in csv.DictReader(file)] == [each.photo for each in told]


def test_cancelled_and_begun_again_the_maps_are_whole(project: Path) -> None:
    events = begin(project)
    for _ in range(4):
        next(events)
    events.close()
    maps = project / "runs" / RUN / "maps"
    assert all(read_map_record(file) is not None for file in maps.iterdir())
    assert len(of(list(begin(project)), PhotoInspected)) == 6
    assert len(list(maps.iterdir())) == 6


def test_a_full_disk_is_told_and_what_was_finished_is_kept(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_map = inspection.write_map

    def fill(*arguments: Any) -> PhotoInspected:
        if arguments[2] == "2.png":
            raise EngineError("The disk is full.")
        return write_map(*arguments)

    monkeypatch.setattr(inspection, "write_map", fill)
    told = list[Event]()
    with pytest.raises(EngineError, match="The disk is full"):
        told.extend(begin(project))
    assert [each.photo for each in of(told, PhotoInspected)] == ["0.png", "1.png"]
