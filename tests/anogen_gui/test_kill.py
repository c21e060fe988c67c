"""Killed at any moment, the window or the engine or both: nothing that was decided or finished is missing."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine.project import Project
from engine.project.detecting import plan_train
from engine.project.importing import import_photos
from engine.protocol import PhotoInspected, TrainSettings
from tests.anogen_gui.driven import QUICK_ENGINE
from tests.engine.reporting.inspected import RUN, record_detector, write_map

ROOT = Path(__file__).parents[2]
_ROUNDS = 25
_VICTIMS = ("window", "engine", "both")


@pytest.fixture
def project_folder(tmp_path: Path) -> Path:
    """Six good photos, an anomaly class, an embedding that the quick engine takes, and what a detector says."""
    for number in range(6):
        file = tmp_path / "photos" / "good" / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.effect_noise((64, 64), 20 + number).save(file)
    folder = tmp_path / "project"
    with Project.create(folder) as project:
        list(import_photos(project, tmp_path / "photos"))
        project.add_anomaly("scratch")
        _record_detector(project)
    _write_embedding(folder)
    return folder


def _record_detector(project: Project) -> None:
    """It has looked at new photos."""
    job = plan_train(project, TrainSettings(recipe="baseline"))
    record_detector(project, job)
    for number in range(4):
        score, path = number / 4, f"runs/{RUN}/maps/{number}.png"
        write_map(project.folder / path, score)
        project.record(PhotoInspected(run=RUN, photo=f"/new/{number}.png", score=score, map=path), job)


def _write_embedding(folder: Path) -> None:
    import numpy as np
    from safetensors.numpy import save_file

    record = {"anomaly": "scratch", "name": "made", "backbone": "embedded", "provenance": {"steps": 1}}
    file = folder / "embeddings" / "scratch" / "made.safetensors"
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file({"vectors": np.zeros((2, 8), np.float32)}, file, {"anogen": json.dumps(record)})


class Round:
    """A window that works by itself until it is killed, and what it had told by then."""

    def __init__(self, folder: Path, seed: int, out: Path) -> None:
        self._out = out
        with out.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.anogen_gui.driven", str(folder), str(seed)],
                stdout=stream,
                stderr=subprocess.PIPE,
                cwd=ROOT,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            )

    def wait_for(self, key: str, timeout_s: float = 60) -> None:
        until = time.monotonic() + timeout_s
        while not any(key in line for line in self.lines):
            if self.process.poll() is not None or time.monotonic() > until:
                _, errors = self._killed()
                pytest.fail(f"the window said no '{key}': {errors.decode()[-2000:]}")
            time.sleep(0.01)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What it told; the last line may be cut off."""
        told = self._out.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in told.splitlines()]

    def kill(self, victim: str) -> None:
        """Kill the window, the engine or both; the window is dead afterwards, whatever was killed first."""
        engine = _engine_of(self.process.pid)
        if victim in ("engine", "both") and engine:
            os.kill(engine, signal.SIGKILL)
        if victim == "engine":
            time.sleep(0.15)  # the window goes on without it
        self._killed()
        if engine:
            _wait_until_gone(engine)

    def _killed(self) -> tuple[bytes, bytes]:
        self.process.kill()
        return self.process.communicate()


def _engine_of(pid: int) -> int:
    """The number of the engine process of a window; 0 where it has none."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            if QUICK_ENGINE[-1].encode() in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
    return 0


def _wait_until_gone(pid: int, timeout_s: float = 20) -> None:
    """An engine whose window is gone ends by itself, at the end of its stdin."""
    until = time.monotonic() + timeout_s
    while Path(f"/proc/{pid}").exists() and "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text():
        assert time.monotonic() < until, "the engine outlives its window"
        time.sleep(0.01)


class Memory:
    """What was decided so far, over all rounds."""

    def __init__(self) -> None:
        self.boxes: dict[int, float | None] = {}
        self.samples: dict[str, dict[str, Any]] = {}
        self.jobs: set[int] = set()
        self.opinions: dict[str, bool | None] = {}
        self.bands: list[float | None] = [None, None]

    def take(self, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            if "box" in line:
                self.boxes[line["box"]] = line["x"]
            elif "written" in line:
                self.samples.setdefault(line["written"], {})
            elif "sample" in line:
                known = self.samples.setdefault(line["sample"], {})
                known.update({key: line[key] for key in ("verdict", "stars") if key in line})
            elif "job" in line:
                self.jobs.add(line["job"])
            elif "photo" in line:
                self.opinions[line["photo"]] = line["opinion"]
            elif "bands" in line:
                self.bands = line["bands"]

    def check(self, project: Project) -> None:
        """The project holds all of it; one decision may be there already that was not told yet."""
        boxes = {placed.id: placed.box.center_x for placed in project.boxes()}
        unlike_boxes = [number for number, x in self.boxes.items() if boxes.get(number) != x]
        samples = {sample.path: sample for sample in project.samples()}
        assert not self.samples.keys() - samples.keys(), "samples were lost"
        unlike = [
            path
            for path, known in self.samples.items()
            if any(getattr(samples[path], key) != value for key, value in known.items())
        ]
        (run,) = (run for run in project.runs() if run.name == RUN)
        opinions, bands = project.opinions(), [run.look_again_above, run.reject_above]
        unlike += [photo for photo, opinion in self.opinions.items() if opinions.get(photo) != opinion]
        unlike += [RUN] * (bands != self.bands)
        assert len(unlike_boxes) + len(unlike) <= 1, f"decisions were lost: {unlike_boxes} {unlike}"
        assert not self.jobs - {job.id for job in project.queued()}, "jobs were lost"
        self.boxes = {number: boxes.get(number) for number in self.boxes}
        self.opinions, self.bands = {photo: opinions.get(photo) for photo in self.opinions}, bands
        for path, known in self.samples.items():
            known.update({key: getattr(samples[path], key) for key in known})


@pytest.mark.timeout(600)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the engine in /proc")
def test_nothing_is_lost_when_processes_are_killed(project_folder: Path, tmp_path: Path) -> None:
    memory, moments = Memory(), random.Random(4)
    cut_off: set[int] = set()
    for number in range(_ROUNDS):
        round_ = Round(project_folder, number, tmp_path / "told.jsonl")
        round_.wait_for("engine" if number % 2 else "ready")
        time.sleep(moments.uniform(0.0, 0.4))
        round_.kill(_VICTIMS[number % len(_VICTIMS)])
        memory.take(round_.lines)
        with Project.open(project_folder) as project:
            memory.check(project)
            states = {job.id: job.state for job in project.queued()}
            assert "running" not in states.values()
            interrupted = {job for job, state in states.items() if state in ("interrupted", "quarantined")}
            if _VICTIMS[number % 3] == "window" and interrupted - cut_off:
                assert project.queue.is_paused
            cut_off |= interrupted
            for sample in project.samples():
                Image.open(project_folder / sample.path).verify()
    assert memory.boxes
    assert memory.samples
    assert memory.opinions
    assert memory.bands != [None, None]
    assert cut_off, "no job was ever cut off: the moments are too early"
