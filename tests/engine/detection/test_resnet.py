"""The ResNet sees what the one of transformers sees."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from engine.detection.resnet import read_resnet
from engine.errors import EngineError
from tests.engine.detection.teachers import REAL_TEACHER, write_teacher


def assert_sees_the_same(folder: Path) -> None:
    from transformers import ResNetBackbone

    names = ["stage1", "stage2", "stage3"]
    reference = ResNetBackbone.from_pretrained(str(folder), out_features=names, local_files_only=True).eval()
    images = torch.randn(2, 3, 64, 96)
    with torch.no_grad():
        features = read_resnet(folder, stages=3).eval()(images)
        expected = reference(images).feature_maps
    assert [tuple(each.shape[2:]) for each in features] == [(16, 24), (8, 12), (4, 6)]
    for ours, theirs in zip(features, expected, strict=True):
        torch.testing.assert_close(ours, theirs)


def test_three_stages(tmp_path: Path) -> None:
    assert_sees_the_same(write_teacher(tmp_path))


def test_the_first_three_of_four_stages_with_a_classifier(tmp_path: Path) -> None:
    assert_sees_the_same(write_teacher(tmp_path, (8, 12, 16, 20), classifier=True))


@pytest.mark.skipif(not REAL_TEACHER.is_dir(), reason="needs the weights that ANOGEN_DATA points to")
def test_the_real_one() -> None:
    assert_sees_the_same(REAL_TEACHER)


def break_weights(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])


def change_config(folder: Path, **changes: object) -> None:
    config = folder / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), **changes}))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "config.json").unlink(),
        lambda folder: (folder / "model.safetensors").unlink(),
        lambda folder: (folder / "config.json").write_text("[1"),
        lambda folder: (folder / "config.json").write_text("[1]"),
        lambda folder: change_config(folder, layer_type="bottleneck"),
        lambda folder: change_config(folder, hidden_sizes=[8, 12]),
        lambda folder: change_config(folder, hidden_sizes=[8, 12, 24]),
        break_weights,
    ],
)
def test_a_folder_without_one_says_what_to_fetch_and_where_to_put_it(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    folder = write_teacher(tmp_path / "resnet")
    spoil(folder)
    with pytest.raises(EngineError) as caught:
        read_resnet(folder, stages=3)
    assert str(folder) in caught.value.message
    assert "microsoft/resnet-18" in caught.value.hint
