"""Features: what lies in the box counts, and nothing else."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.diffusion.backbone.loading import load_folder
from engine.diffusion.judging.close_ups import SIDE, CloseUp
from engine.diffusion.judging.features import Features, encoder_features, pool, resnet_features
from engine.errors import EngineError
from tests.engine.diffusion.tiny_backbones import build

DATA = Path(os.environ.get("ANOGEN_DATA", Path(__file__).parents[5] / "shared" / "data"))
RESNET = DATA / "weights" / "resnet18-imagenet-stage1to3"


def test_pooling_by_hand() -> None:
    maps = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]], [[10.0, 20.0], [30.0, 40.0]]]])
    box = torch.zeros(1, 1, 4, 4)
    box[..., 0:2, 0:3] = 1  # all of the first feature, half of the second
    assert pool(maps, box).tolist() == [[pytest.approx(4 / 3), pytest.approx(40 / 3)]]


def test_a_box_smaller_than_a_feature_still_counts() -> None:
    box = torch.zeros(1, 1, 8, 8)
    box[..., 7, 7] = 1
    maps = torch.arange(4.0).reshape(1, 1, 2, 2)
    assert pool(maps, box).item() == pytest.approx(3)


def picture(value: int, inside: int, rows: slice) -> CloseUp:
    """One colour, another one in its box."""
    image = np.full((SIDE, SIDE, 3), value, np.uint8)
    box = np.zeros((SIDE, SIDE), bool)
    box[rows] = True
    image[box] = inside
    return CloseUp(image, box)


def colours(images: torch.Tensor) -> list[torch.Tensor]:
    return [torch.cat([images, torch.ones_like(images[:, :1])], 1)]


def test_outside_the_box_nothing_counts() -> None:
    features = Features("colours", colours)
    rows = slice(32, 96)
    vectors = features.of([picture(0, 200, rows), picture(255, 200, rows), picture(0, 90, rows)])
    assert vectors[0] == pytest.approx(vectors[1])
    assert vectors[0] != pytest.approx(vectors[2])


def test_every_map_has_the_same_say() -> None:
    features = Features("two", lambda images: [images + 2, 100 * images[..., ::2, ::2] + 200])
    vectors = features.of([picture(0, 200, slice(0, 9))] * 10)
    assert vectors.shape == (10, 6)
    assert (vectors[:, :3] ** 2).sum(1) == pytest.approx(np.full(10, 3))
    assert (vectors**2).mean(1) == pytest.approx(np.ones(10))


@pytest.mark.parametrize("kind", ["embedded", "ldm", "sd1"])
def test_every_backbone_has_features_of_its_own(kind: str, tmp_path: Path) -> None:
    backbone = load_folder(build(kind, tmp_path), "tiny")
    features = encoder_features(backbone)
    few = [picture(30, 200, slice(32, 96)), picture(30, 90, slice(32, 96))]
    vectors = features.of(few)
    blocks = backbone.vae.config.block_out_channels  # type: ignore[union-attr]
    assert vectors.shape == (2, sum(blocks))  # type: ignore[arg-type]
    assert np.abs(vectors[0] - vectors[1]).max() > 1e-3


def test_no_resnet(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="There is no ResNet"):
        resnet_features(tmp_path)


@pytest.mark.real_photos
@pytest.mark.skipif(not RESNET.is_dir(), reason="needs the weights that ANOGEN_DATA points to")
def test_the_resnet_of_the_benchmarks() -> None:
    features = resnet_features(RESNET)
    assert features.name == "resnet18 features"
    vectors = features.of([picture(30, 200, slice(32, 96)), picture(30, 90, slice(32, 96))])
    assert vectors.shape == (2, 64 + 128 + 256)
    assert (vectors >= 0).all()
