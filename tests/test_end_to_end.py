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
from tests.conftest import Anogen, Start
from tests.engine.diffusion.tiny_backbones import build
from tests.engine.project.product import write_mask, write_photo

LEARN = [
    *("learn", "P", "--anomaly", "crack", "--support", "000", "001", "002"),
    *("--backbone", "backbone", "--no-adapt", "--batch-size", "2"),
]
LEARN_SHORTLY = [*LEARN, "--steps", "4", "--strip-every", "2"]
GENERATE = [
    *("generate", "P", "--anomaly", "crack", "--seed", "7"),
    *("--steps", "4", "--candidates", "1", "--json"),
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
    with inside(folder):
        assert main(["new", "P"]) == 0
        assert main(["import", "P", "photos"]) == 0
        assert main(LEARN_SHORTLY) == 0
    return folder


@pytest.fixture
def anogen_there(anogen: Anogen, learned: Path, monkeypatch: pytest.MonkeyPatch) -> Anogen:
    """Runs a command in the folder of `learned`, in this process."""
    monkeypatch.chdir(learned)
    return anogen


def line_with(process: subprocess.Popen[str], **wanted: Any) -> dict[str, Any]:
    """The first line that the process prints which says all of this."""
    assert process.stdout is not None
    return next(line for line in map(json.loads, process.stdout) if wanted.items() <= line.items())


def samples_of(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["event"] == "SampleWritten"]


def test_learn_leaves_an_embedding_a_strip_and_a_finished_run(learned: Path) -> None:
    with Project.open(learned / "P") as project:
        embedding = project.embeddings("crack")[0]
        assert (learned / "P" / embedding.path).is_file()
        assert embedding.steps == 4
        assert project.runs()[0].state == "done"
        assert [support.name for support in project.supports("crack")] == ["000", "001", "002"]
    strip = sorted(path.name for path in (learned / "P" / "runs").glob("*/strip/*.png"))
    assert strip == ["000002.png", "000004.png"]


def test_learn_again_is_not_done_twice(anogen_there: Anogen, learned: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (learned / "P" / "embeddings").rglob("*.safetensors")}
    lines = anogen_there(*LEARN_SHORTLY, "--json").lines
    assert {path: path.stat().st_mtime_ns for path in before} == before
    events = [line["event"] for line in lines]
    assert "EmbeddingWritten" in events
    assert "Progress" not in events


def test_an_earlier_step_is_kept_and_then_used(anogen_there: Anogen, learned: Path) -> None:
    with Project.open(learned / "P") as project:
        run = project.runs()[0].name
        last = project.embedding("crack").name
    keep = ("embedding", "keep", "P", "--anomaly", "crack")
    assert anogen_there(*keep, "--json").lines[0] == {"event": "Told", "run": run, "steps": [2, 4]}
    refused = anogen_there(*keep, "--step", "3")
    assert refused.code == 1
    assert "These can: 2, 4." in refused.err
    kept = anogen_there(*keep, "--step", "2", "--json").lines[0]
    assert (kept["event"], kept["steps"]) == ("EmbeddingWritten", 2)
    assert (learned / kept["path"]).is_file()
    names = [line["name"] for line in anogen_there("embedding", "list", "P", "--json").lines[:-1]]
    assert names == [last, kept["name"]]
    (sample,) = samples_of(anogen_there(*GENERATE, "--count", "1").lines)
    assert sample["embedding"] == kept["path"]
    assert anogen_there(*GENERATE, "--count", "1", "--embedding", last).code == 0


def test_a_killed_generation_goes_on_and_gives_the_same_bytes(
    anogen_there: Anogen, start: Start, learned: Path
) -> None:
    words = [*GENERATE, "--count", "12", "--seed", "8", "--batch-size", "1"]
    process = start("engine.cli", *words, cwd=learned)
    first = line_with(process, event="SampleWritten")
    process.kill()
    process.communicate()
    kept = (learned / first["image"]).read_bytes()

    lines = anogen_there(*words).lines
    assert lines[-1]["outcome"] == "done"
    samples = samples_of(lines)
    assert len({sample["image"] for sample in samples}) == 12
    assert samples[0]["image"] == first["image"]
    assert samples[0]["reused"]
    assert not samples[-1]["reused"]
    with Project.open(learned / "P") as project:
        assert len(project.samples("crack", run=Path(first["image"]).parent.name)) == 12

    (learned / first["image"]).unlink()
    assert not samples_of(anogen_there(*words).lines)[0]["reused"]
    assert (learned / first["image"]).read_bytes() == kept


def test_a_larger_count_goes_on_and_a_smaller_one_makes_nothing(anogen_there: Anogen, learned: Path) -> None:
    words = [*GENERATE, "--seed", "9", "--count"]
    first = samples_of(anogen_there(*words, "2").lines)
    before = {sample["image"]: (learned / sample["image"]).read_bytes() for sample in first}
    more = samples_of(anogen_there(*words, "6").lines)
    assert [sample["reused"] for sample in more] == [True] * 2 + [False] * 4
    assert [sample["photo"] for sample in more[4:]] == [sample["photo"] for sample in more[:2]]
    fewer = samples_of(anogen_there(*words, "1").lines)
    assert [sample["reused"] for sample in fewer] == [True]
    assert {image: (learned / image).read_bytes() for image in before} == before
    run = Path(first[0]["image"]).parent
    assert len(list((learned / run).glob("*_mask.png"))) == 6


def test_samples_open_from_the_current_folder_and_keep_all_outside_the_mask(
    anogen_there: Anogen, learned: Path
) -> None:
    samples = samples_of(anogen_there(*GENERATE, "--count", "2").lines)
    assert len(samples) == 2
    for sample in samples:
        photo, image = read_photo(Path(sample["photo"])), read_photo(Path(sample["image"]))
        mask = read_photo(Path(sample["mask"]))[..., 0] > 0
        assert photo.shape == image.shape
        assert mask.any()
        assert np.array_equal(photo[~mask], image[~mask])
        assert (photo[mask] != image[mask]).any()
        assert set(sample) >= {"event", "photo", "image", "mask", "seed", "flags"}


def test_sheet_verdict_export(anogen_there: Anogen, learned: Path) -> None:
    assert anogen_there(*GENERATE, "--count", "2").code == 0
    assert anogen_there("sheet", "P", "--out", "sheet.png").code == 0
    for kind in ("mvtec", "coco", "yolo"):
        assert anogen_there("export", "P", "--format", kind, "--out", f"out/{kind}", "--all").code == 0
    assert anogen_there("verdict", "P", "accepted", "--all").code == 0
    assert anogen_there("export", "P", "--format", "coco", "--out", "out/accepted").code == 0
    assert read_photo(learned / "sheet.png").shape[0] > 300
    with Project.open(learned / "P") as project:
        count = len(project.samples("crack"))
    annotations = json.loads((learned / "out" / "coco" / "annotations.json").read_text())
    assert len(annotations["images"]) == count
    assert list((learned / "out" / "mvtec" / "test" / "crack").glob("*.png"))
    assert list((learned / "out" / "yolo" / "labels").rglob("*.txt"))


def test_an_embedding_goes_out_and_comes_back(anogen_there: Anogen, learned: Path) -> None:
    exported = anogen_there("embedding", "export", "P", "--anomaly", "crack", "--out", "crack.safetensors")
    assert exported.code == 0
    words = ("embedding", "import", "P", "crack.safetensors", "--anomaly", "copied", "--backbone", "backbone")
    assert anogen_there(*words).code == 0
    assert "There is an embedding embeddings/copied/crack.safetensors already." in anogen_there(*words).err
    generate = [word if word != "crack" else "copied" for word in GENERATE]
    assert len(samples_of(anogen_there(*generate, "--count", "1").lines)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_ctrl_c_in_learn_goes_on_from_the_checkpoint(
    anogen_there: Anogen, start: Start, learned: Path
) -> None:
    words = [*LEARN, "--steps", "120", "--seed", "5", "--json"]
    words += ["--checkpoint-every", "2", "--strip-every", "1000"]
    process = start("engine.cli", *words, cwd=learned)
    assert process.stdout is not None
    while (line := json.loads(process.stdout.readline())).get("stage") != "learning" or line["step"] < 6:
        pass  # not every step is told: 20 a second at most
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(out.splitlines()[-1])["outcome"] == "cancelled"

    lines = anogen_there(*words).lines
    assert max(line["resumed_from"] for line in lines if line["event"] == "Started") >= 4
    assert [line["steps"] for line in lines if line["event"] == "EmbeddingWritten"] == [120]


def test_the_demo_makes_a_page_and_goes_on_where_it_was(anogen: Anogen, tmp_path: Path) -> None:
    build("embedded", tmp_path / "backbone")
    demo = ("demo", "D", "--quick", "--backbone", "backbone")
    first = anogen(*demo)
    assert first.code == 0
    assert "file://" in first.out
    page = (tmp_path / "D" / "index.html").read_text("utf-8")
    lines = anogen(*demo, "--json").lines
    assert all(sample["reused"] for sample in samples_of(lines))
    assert "LossMeasured" not in {line["event"] for line in lines}
    assert (tmp_path / "D" / "index.html").read_text("utf-8") == page
    assert page.count('class="compare"') == 2
    assert page.count(" steps</figcaption>") >= 4
    assert "anogen learn D/again --anomaly broken --support 000 --support 001 --support 002" in page


def test_the_demo_leaves_a_strangers_folder_alone(anogen: Anogen, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = anogen("demo", tmp_path)
    assert result.code == 1
    assert "is not empty" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_demo_asks_for_its_backbone_before_it_begins(anogen: Anogen, tmp_path: Path) -> None:
    result = anogen("demo", "D", "--backbone", "nowhere/nothing")
    assert result.code == 1
    assert "anogen backbone download nowhere/nothing" in result.err
    assert not (tmp_path / "D").exists()
