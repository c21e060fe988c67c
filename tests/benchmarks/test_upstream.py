"""The loops that the benchmarks compare with do what they are said to do."""

from pathlib import Path

import numpy as np
import torch

from engine.diffusion.backbone.loading import load_folder
from engine.diffusion.inversion import EvaluationBatch
from engine.diffusion.views import Crop, encode_crops
from tests.benchmarks.upstream import UpstreamInversion, upstream_sample
from tests.engine.diffusion.tiny_backbones import build


def crops(side: int) -> list[Crop]:
    rng = np.random.default_rng(0)
    inside = np.zeros((side, side), bool)
    inside[8:24, 8:24] = True
    return [Crop(rng.integers(0, 255, (side, side, 3), dtype=np.uint8), inside, inside) for _ in range(2)]


def test_the_inversion_learns(tmp_path: Path):
    backbone = load_folder(build("sd1-inpaint", tmp_path), "tiny")
    views = encode_crops(backbone, crops(backbone.size_px))
    upstream = UpstreamInversion(
        backbone, crops(backbone.size_px), backbone.word_vectors("defect", 1), seed=0
    )
    evaluation = EvaluationBatch(backbone, views, seed=0)
    before = evaluation.loss("a photo of a {}", upstream.vectors)
    for _ in range(60):
        upstream.advance()
    assert evaluation.loss("a photo of a {}", upstream.vectors) < before


def test_a_sample_differs_by_seed_and_is_a_photo(tmp_path: Path):
    backbone = load_folder(build("sd1-inpaint", tmp_path), "tiny")
    crop = crops(backbone.size_px)[0]
    vectors = torch.randn(1, backbone.token_dim, generator=torch.Generator().manual_seed(0))
    first, again, other = (upstream_sample(backbone, vectors, crop, seed, steps=4) for seed in (1, 1, 2))
    assert first.shape == crop.image.shape
    assert (first == again).all()
    assert (first != other).any()
