"""The job *train*, on tiny networks: its events, and that nothing is lost, done twice or done otherwise."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch

from engine.data import files
from engine.data.images import save_png
from engine.detection.trained import load_network
from engine.errors import EngineError
from engine.protocol import (
    FileRefused,
    Started,
    Warned,
)
from tests.engine.detection.material import good
from tests.engine.detection.training.begun import (
    begin,
    of,
    refused,
    run_folder,
    run_until_step,
    same,
    train_job,
    weights,
)


def test_no_normals(project: Path) -> None:
    assert refused(train_job(project, goods=0)).startswith("There are no good photos to train a detector on.")


def test_no_samples(project: Path) -> None:
    job = train_job(project, samples=0)
    assert "There are no samples to train a detector on." in refused(job)
    assert not (project / "runs").exists()
    list(begin(train_job(project, samples=0, recipe="baseline")))  # does without


def test_one_photo(project: Path) -> None:
    events = list(begin(train_job(project, goods=1, samples=1)))
    assert "There is one good photo only" in of(events, Warned)[0].message


def test_photos_of_different_sizes_and_modes(project: Path) -> None:
    job = train_job(project, samples=0, recipe="baseline")
    save_png(project / job.goods[0], good(0, width=90, height=70)[..., 0])  # grey
    save_png(project / job.goods[1], np.dstack([good(1), np.full((40, 48), 255, np.uint8)]))  # with alpha
    save_png(project / job.goods[2], good(2)[..., 0].astype(np.uint16) * 257)  # grey, 16 bit
    events = list(begin(job))
    assert [event.message for event in of(events, Warned)] == [
        "The good photos are of 2 sizes; all become 32×32 pixels."
    ]
    assert not of(events, FileRefused)


def test_masks_that_are_all_empty(project: Path) -> None:
    job = train_job(project)
    samples = tuple(msgspec.structs.replace(sample, boxes=()) for sample in job.samples)
    for sample in samples:
        save_png(project / sample.mask, np.zeros((40, 48), bool))
    assert "is all black." in refused(msgspec.structs.replace(job, samples=samples))


def test_a_sample_of_another_size_than_its_photo_is_left_out(project: Path) -> None:
    job = train_job(project)
    save_png(project / job.samples[0].image, good(0, width=90))
    (told,) = of(list(begin(job)), FileRefused)
    assert "is 90×40 pixels, its photo" in told.reason


def test_a_good_photo_that_is_none_is_left_out(project: Path) -> None:
    job = train_job(project, samples=0, recipe="baseline")
    (project / job.goods[2]).write_text("no photo")
    (told,) = of(list(begin(job)), FileRefused)
    assert told.path == job.goods[2]


def test_a_folder_of_textures_without_images(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "textures"
    folder.mkdir()
    (folder / "readme.txt").write_text("none here")
    assert "holds no textures" in refused(train_job(project, textures=str(folder)))


def test_textures_of_a_folder(project: Path, tmp_path: Path) -> None:
    save_png(
        tmp_path / "textures" / "one.png", np.random.default_rng(0).integers(0, 255, (40, 40, 3), np.uint8)
    )
    list(begin(train_job(project, textures=str(tmp_path / "textures"))))


def test_weights_of_another_preset(project: Path) -> None:
    list(begin(train_job(project)))
    name = run_folder(project).name
    other = project.parent / "other"
    list(begin(train_job(other, preset="paper")))
    header = msgspec.json.encode(load_network(project, name).trained).decode()
    from engine.data.tensors import save_tensors

    save_tensors(project / "runs" / name / "detector.safetensors", weights(other), {"anogen": header})
    with pytest.raises(EngineError, match="are not those of a detector draem of preset light"):
        load_network(project, name)


def test_a_checkpoint_of_another_preset(project: Path) -> None:
    run_until_step(train_job(project), 5).close()
    checkpoint = run_folder(project) / "checkpoint.safetensors"
    other = project.parent / "other"
    run_until_step(train_job(other, preset="paper"), 5).close()
    content = (run_folder(other) / "checkpoint.safetensors").read_bytes()
    checkpoint.write_bytes(content)
    assert "are not those of a detector draem of preset light" in refused(train_job(project))
    assert checkpoint.read_bytes() == content


@pytest.mark.parametrize(
    ("run", "said"), [("none", "There is no run “none”"), ("empty", "no trained detector")]
)
def test_a_run_without_a_detector(project: Path, run: str, said: str) -> None:
    (project / "runs" / "empty").mkdir(parents=True)
    with pytest.raises(EngineError, match=said):
        load_network(project, run)


def test_a_full_disk_at_a_checkpoint_loses_nothing(project: Path, full_disk: list[int]) -> None:
    job = train_job(project)
    assert "The disk is full" in refused(job)
    assert run_folder(project).joinpath("checkpoint.safetensors").is_file()
    assert not list(run_folder(project).glob(f"{files.TEMPORARY_PREFIX}*"))


@pytest.mark.usefixtures("with_teacher")
def test_a_student_then_a_segmentation_that_go_on_where_they_were(project: Path, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"detector": "destseg", "teacher": "resnet", "batch_size": 2}
    whole = tmp_path / "whole"
    list(begin(train_job(whole, **settings)))
    job = train_job(project, **settings)
    run_until_step(job, 3).close()
    assert of(list(begin(job)), Started)[0].resumed_from == 2
    assert same(weights(project), weights(whole))
    maps, _ = load_network(project, run_folder(project).name).infer(torch.rand(1, 3, 32, 32))
    assert maps.shape == (1, 32, 32)


def test_destseg_without_a_teacher(project: Path, tmp_path: Path) -> None:
    job = train_job(project, detector="destseg")
    assert "needs the weights of a ResNet-18 as its teacher." in refused(job)
    (tmp_path / "empty").mkdir()
    told = refused(train_job(project, detector="destseg", teacher=str(tmp_path / "empty")))
    assert "microsoft/resnet-18" in told
