"""The whole path through the real command line and the real engine, on a tiny product and a tiny backbone."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.cli import main
from engine.data.images import read_photo
from engine.project import Project
from tests.engine.diffusion.tiny_backbones import build
from tests.engine.project.product import write_mask, write_photo

ROOT = Path(__file__).parents[1]
LEARN = ["learn", "P", "--anomaly", "crack", "--support", "000", "001", "002"]
GENERATE = [
    "generate",
    "P",
    "--anomaly",
    "crack",
    "--seed",
    "7",
    "--steps",
    "4",
    "--candidates",
    "1",
    "--json",
]
SIZE = {"width": 96, "height": 80}


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def write_product(folder: Path) -> Path:
    """Four good photos and three cracked ones with masks, in MVTec layout."""
    for number in range(4):
        write_photo(folder / "train" / "good" / f"good-{number}.png", seed=number, **SIZE)
    for number in range(3):
        write_photo(folder / "test" / "crack" / f"{number:03}.png", seed=100 + number, **SIZE)
        write_mask(folder / "ground_truth" / "crack" / f"{number:03}_mask.png", **SIZE)
    return folder


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the project P, in which 'crack' has been learned."""
    folder = tmp_path_factory.mktemp("factory")
    write_product(folder / "photos")
    build("sd1", folder / "backbone")
    settings = [
        "--backbone",
        "backbone",
        "--no-adapt",
        "--steps",
        "3",
        "--strip-every",
        "2",
        "--batch-size",
        "2",
    ]
    with inside(folder):
        assert main(["new", "P"]) == 0
        assert main(["import", "P", "photos"]) == 0
        assert main([*LEARN, *settings]) == 0
    return folder


def lines_of(words: list[str], folder: Path) -> list[dict[str, Any]]:
    """The JSON lines that a command prints, run as a process of its own."""
    ended = subprocess.run(
        command(words), capture_output=True, cwd=folder, env=environment(), timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return [json.loads(line) for line in ended.stdout.splitlines()]


def command(words: list[str]) -> list[str]:
    return [sys.executable, "-m", "engine.cli", *words]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "ANOGEN_THREADS": "1"}


def samples_of(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["event"] == "SampleWritten"]


def test_learn_leaves_an_embedding_a_strip_and_a_finished_run(learned: Path) -> None:
    with Project.open(learned / "P") as project:
        (embedding,) = project.embeddings("crack")
        assert (learned / "P" / embedding.path).is_file()
        assert embedding.steps == 3
        assert [run.state for run in project.runs()] == ["done"]
        assert [support.name for support in project.supports("crack")] == ["000", "001", "002"]
    assert list((learned / "P" / "runs").glob("*/strip/*2.png"))


def test_learn_again_is_not_done_twice(learned: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in (learned / "P" / "embeddings").rglob("*.safetensors")}
    with inside(learned):
        settings = [
            "--backbone",
            "backbone",
            "--no-adapt",
            "--steps",
            "3",
            "--strip-every",
            "2",
            "--batch-size",
            "2",
        ]
        assert main([*LEARN, *settings, "--json"]) == 0
    assert {path: path.stat().st_mtime_ns for path in before} == before
    events = [json.loads(line)["event"] for line in capfd.readouterr().out.splitlines()]
    assert "EmbeddingWritten" in events
    assert "LossMeasured" not in events


def test_a_killed_generation_goes_on_and_gives_the_same_bytes(learned: Path) -> None:
    process = subprocess.Popen(
        command([*GENERATE, "--count", "6"]), stdout=subprocess.PIPE, cwd=learned, env=environment()
    )
    assert process.stdout is not None
    first = next(line for line in map(json.loads, process.stdout) if line["event"] == "SampleWritten")
    process.kill()
    process.communicate()
    kept = (learned / first["image"]).read_bytes()

    lines = lines_of([*GENERATE, "--count", "6"], learned)
    assert lines[-1]["event"] == "Finished"
    assert lines[-1]["outcome"] == "done"
    samples = samples_of(lines)
    assert len(samples) == 6
    assert samples[0]["image"] == first["image"]
    assert samples[0]["reused"]
    assert (learned / first["image"]).read_bytes() == kept
    with Project.open(learned / "P") as project:
        assert len(project.samples("crack")) == 6


def test_samples_open_from_the_current_folder_and_keep_all_outside_the_mask(learned: Path) -> None:
    samples = samples_of(lines_of([*GENERATE, "--count", "2"], learned))
    assert len(samples) == 2
    for sample in samples:
        photo, image = read_photo(learned / sample["photo"]), read_photo(learned / sample["image"])
        mask = read_photo(learned / sample["mask"])[..., 0] > 0
        assert photo.shape == image.shape
        assert mask.any()
        assert np.array_equal(photo[~mask], image[~mask])
        assert (photo[mask] != image[mask]).any()
        assert set(sample) >= {"event", "photo", "image", "mask", "seed", "flags"}


def test_sheet_verdict_export(learned: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lines_of([*GENERATE, "--count", "2"], learned)
    with inside(learned):
        assert main(["sheet", "P", "--out", "sheet.png"]) == 0
        for kind in ("mvtec", "coco", "yolo"):
            assert main(["export", "P", "--format", kind, "--out", f"out/{kind}", "--all"]) == 0
        assert main(["verdict", "P", "accepted", "--all"]) == 0
        assert main(["export", "P", "--format", "coco", "--out", "out/accepted"]) == 0
        assert main(["embedding", "export", "P", "--anomaly", "crack", "--out", "crack.safetensors"]) == 0
        imported = ["--anomaly", "copied", "--backbone", "backbone"]
        assert main(["embedding", "import", "P", "crack.safetensors", *imported]) == 0
    assert read_photo(learned / "sheet.png").shape[0] > 300
    with Project.open(learned / "P") as project:
        count = len(project.samples("crack"))
        assert [row.name for row in project.embeddings("copied")] == ["crack"]
    annotations = json.loads((learned / "out" / "coco" / "annotations.json").read_text())
    assert len(annotations["images"]) == count
    assert list((learned / "out" / "mvtec" / "test" / "crack").glob("*.png"))
    assert list((learned / "out" / "yolo" / "labels").rglob("*.txt"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_ctrl_c_in_learn_goes_on_from_the_checkpoint(learned: Path) -> None:
    words = [*LEARN, "--backbone", "backbone", "--no-adapt", "--batch-size", "1", "--seed", "5", "--json"]
    words += ["--checkpoint-every", "2", "--strip-every", "1000"]
    process = subprocess.Popen(
        command([*words, "--steps", "5000"]),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=learned,
        env=environment(),
    )
    assert process.stdout is not None
    for line in map(json.loads, process.stdout):
        if line["event"] == "Progress" and line["step"] >= 6:
            break
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert json.loads(out.splitlines()[-1])["outcome"] == "cancelled"

    again = subprocess.Popen(
        command([*words, "--steps", "5000"]),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=learned,
        env=environment(),
    )
    assert again.stdout is not None
    resumed = 0
    for line in map(json.loads, again.stdout):
        if line["event"] == "Started":
            resumed = max(resumed, line["resumed_from"])
        if line["event"] == "Progress":
            break
    again.kill()
    again.communicate()
    assert resumed >= 4


def test_the_demo_makes_a_page_and_goes_on_where_it_was(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    build("embedded", tmp_path / "backbone")
    with inside(tmp_path):
        assert main(["demo", "D", "--quick", "--backbone", "backbone"]) == 0
        page = (tmp_path / "D" / "index.html").read_text("utf-8")
        assert "file://" in capfd.readouterr().out
        assert main(["demo", "D", "--quick", "--backbone", "backbone", "--json"]) == 0
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert all(sample["reused"] for sample in samples_of(lines))
    assert "LossMeasured" not in {line["event"] for line in lines}
    assert (tmp_path / "D" / "index.html").read_text("utf-8") == page
    assert page.count("<figure") >= 3 + 2
    assert " steps</figcaption>" in page


def test_the_demo_leaves_a_strangers_folder_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["demo", str(tmp_path)]) == 1
    assert "is not empty" in capfd.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
