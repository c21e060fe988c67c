import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from engine.data.checkpoint import Progressed, load_checkpoint, save_checkpoint
from engine.diffusion.adaptation import Adaptation, AdaptationConfig, rate_factor
from engine.diffusion.backbone import Backbone, load_backbone
from engine.diffusion.prompts import NULL_PROMPT
from engine.diffusion.views import Views
from tests.engine.diffusion.small_product import anomalous_views, normal_views
from tests.engine.diffusion.tiny_backbones import build

CONFIG = AdaptationConfig("{}", steps=6, batch_size=2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("embedded", tmp_path_factory.mktemp("backbone"))


@pytest.fixture(scope="module")
def views(folder: Path) -> tuple[Views, Views]:
    backbone = load_backbone(str(folder))
    return anomalous_views(backbone, 4), normal_views(backbone, 4)


def begin(folder: Path, views: tuple[Views, Views], config: AdaptationConfig = CONFIG) -> Adaptation:
    """On a backbone of its own, since adapting changes it."""
    backbone = load_backbone(str(folder))
    return Adaptation(backbone, *views, backbone.word_vectors("defect", 2), config)


def test_unet_and_vectors_are_learned_and_nothing_else(folder: Path, views: tuple[Views, Views]) -> None:
    adaptation = begin(folder, views)
    backbone, start = adaptation.backbone, adaptation.vectors.detach().clone()
    before = {name: tensor.clone() for name, tensor in backbone.unet.state_dict().items()}
    frozen = [*backbone.vae.parameters(), *backbone.text_encoder.parameters()]
    kept = [parameter.clone() for parameter in frozen]
    assert math.isfinite(adaptation.advance())
    assert not torch.equal(adaptation.vectors, start)
    changed = [
        name for name, tensor in backbone.unet.state_dict().items() if not torch.equal(tensor, before[name])
    ]
    assert len(changed) > 0.9 * len(before)
    assert all(parameter.grad is None for parameter in frozen)
    assert all(torch.equal(a, b) for a, b in zip(frozen, kept, strict=True))


def test_four_photos_are_learned_by_heart(folder: Path, views: tuple[Views, Views]) -> None:
    config = AdaptationConfig("{}", 40, unet_learning_rate=2e-2, vector_learning_rate=1e-2)
    adaptation = begin(folder, views, config)
    before = adaptation.evaluate()
    for _ in range(40):
        adaptation.advance()
    assert adaptation.evaluate() < 0.6 * before


def test_anomalous_crops_have_the_embeddings_caption_and_normal_ones_none(
    folder: Path, views: tuple[Views, Views], monkeypatch: pytest.MonkeyPatch
) -> None:
    adaptation = begin(folder, views)
    backbone = adaptation.backbone
    with torch.no_grad():
        null = backbone.context(NULL_PROMPT)
        anomaly = backbone.context("{}", adaptation.vectors)
    seen: dict[str, Any] = {}
    predict = Backbone.predict

    def spy(self: Backbone, latents: Tensor, timestep: Tensor, context: Tensor, **further: Any) -> Tensor:
        seen.update(context=context.detach(), timestep=timestep, **further)
        return predict(self, latents, timestep, context, **further)

    monkeypatch.setattr(Backbone, "predict", spy)
    adaptation.advance()
    torch.testing.assert_close(seen["context"][:2], anomaly.expand(2, -1, -1))
    torch.testing.assert_close(seen["context"][2:], null.expand(2, -1, -1))
    assert seen["timestep"].shape == (4,)
    normal = views[1].blanked
    for row in seen["blanked"][2:]:
        assert any(torch.equal(row, blanked) for blanked in normal)


def test_the_loss_weighs_anomaly_box_and_surroundings(
    folder: Path, views: tuple[Views, Views], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Tensor] = []

    def spy(output: Tensor, target: Tensor, weight: Tensor) -> Tensor:
        seen.append(weight)
        return ((output - target) ** 2).mean()

    monkeypatch.setattr("engine.diffusion.adaptation.weighted_loss", spy)
    begin(folder, views).advance()
    levels = torch.tensor(sorted(set(seen[0].flatten().tolist())))
    torch.testing.assert_close(levels, torch.tensor([0.15, 2.15, 5.15]))
    assert (seen[0][2:] < 5).all(), "there is no anomaly on a normal crop"


def test_going_on_from_a_checkpoint_gives_the_same_bits(
    folder: Path, views: tuple[Views, Views], tmp_path: Path
) -> None:
    whole = begin(folder, views)
    losses = [whole.advance() for _ in range(5)]
    half = begin(folder, views)
    for _ in range(2):
        half.advance()
    save_checkpoint(tmp_path / "checkpoint", half.state(), Progressed(half.step))
    found = load_checkpoint(tmp_path / "checkpoint")
    assert found is not None
    resumed = begin(folder, views)
    resumed.load_state(found[0], found[1].step)
    assert [resumed.advance() for _ in range(3)] == losses[2:]
    assert torch.equal(resumed.vectors, whole.vectors)
    ours, theirs = resumed.backbone.unet.state_dict(), whole.backbone.unet.state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_half_of_the_timesteps_lie_where_shape_is_decided(folder: Path, views: tuple[Views, Views]) -> None:
    high = begin(folder, views, AdaptationConfig("{}", 1, high_noise_share=1.0))
    anywhere = begin(folder, views, AdaptationConfig("{}", 1, high_noise_share=0.0))
    generator = torch.Generator().manual_seed(0)
    assert int(high._draw_timesteps(400, generator).min()) >= 400
    assert int(anywhere._draw_timesteps(400, generator).min()) < 10


def test_the_learning_rate_warms_up_and_falls_to_a_twentieth() -> None:
    assert rate_factor(0, 500) == pytest.approx(1 / 20)
    assert rate_factor(19, 500) == pytest.approx(1.0, abs=0.01)
    assert rate_factor(250, 500) == pytest.approx(0.05 + 0.95 / 2)
    assert rate_factor(500, 500) == pytest.approx(0.05)
    assert rate_factor(700, 500) == pytest.approx(0.05)
    factors = [rate_factor(step, 500) for step in range(20, 500)]
    assert factors == sorted(factors, reverse=True)
