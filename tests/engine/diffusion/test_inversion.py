import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from engine.data.checkpoint import (
    Progressed,
    load_checkpoint,
    load_optimizer_tensors,
    optimizer_tensors,
    save_checkpoint,
    step_generator,
)
from engine.diffusion.backbone import Backbone, load_backbone
from engine.diffusion.inversion import Inversion, InversionConfig, is_flat
from engine.diffusion.prompts import BARE_TEMPLATES
from engine.diffusion.views import Views
from tests.engine.diffusion.small_product import anomalous_views
from tests.engine.diffusion.tiny_backbones import build

CONFIG = InversionConfig(BARE_TEMPLATES, learning_rate=0.02, batch_size=2)


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Backbone:
    return load_backbone(str(build("embedded", tmp_path_factory.mktemp("backbone"))))


@pytest.fixture(scope="module")
def views(backbone: Backbone) -> Views:
    return anomalous_views(backbone, 4)


def begin(backbone: Backbone, views: Views, config: InversionConfig = CONFIG) -> Inversion:
    return Inversion(backbone, views, backbone.word_vectors("defect", 2), config)


def weights(backbone: Backbone) -> dict[str, torch.Tensor]:
    networks = {"unet": backbone.unet, "vae": backbone.vae, "text": backbone.text_encoder}
    return {
        f"{name}.{key}": tensor.clone()
        for name, network in networks.items()
        for key, tensor in network.state_dict().items()
    }


def test_only_the_vectors_are_learned(backbone: Backbone, views: Views) -> None:
    before = weights(backbone)
    inversion = begin(backbone, views)
    start = inversion.vectors.detach().clone()
    for _ in range(2):
        assert math.isfinite(inversion.advance())
    assert inversion.vectors.grad is not None
    assert (inversion.vectors.grad != 0).any(dim=1).all()
    assert not torch.equal(inversion.vectors, start)
    for network in (backbone.unet, backbone.vae, backbone.text_encoder):
        assert all(parameter.grad is None for parameter in network.parameters())
    after = weights(backbone)
    assert all(torch.equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize("kind", ["ldm", "sd2-v", "sd1-inpaint"])
def test_any_backbone_can_be_inverted(kind: str, tmp_path: Path) -> None:
    backbone = load_backbone(str(build(kind, tmp_path / kind)))
    inversion = begin(backbone, anomalous_views(backbone, 2))
    start = inversion.vectors.detach().clone()
    assert math.isfinite(inversion.advance())
    assert not torch.equal(inversion.vectors, start)


def test_the_evaluation_loss_falls(backbone: Backbone, views: Views) -> None:
    inversion = begin(backbone, views)
    before = inversion.evaluate()
    for _ in range(30):
        inversion.advance()
    assert inversion.evaluate() < 0.97 * before


def test_the_evaluation_is_always_of_the_same(backbone: Backbone, views: Views) -> None:
    inversion = begin(backbone, views)
    assert inversion.evaluate() == inversion.evaluate() == begin(backbone, views).evaluate()
    inversion.advance()
    assert inversion.evaluate() != begin(backbone, views).evaluate()


def test_steps_depend_on_the_seed_alone(backbone: Backbone, views: Views) -> None:
    first, second = begin(backbone, views), begin(backbone, views)
    losses = [first.advance() for _ in range(3)]
    torch.manual_seed(12345)
    assert [second.advance() for _ in range(3)] == losses
    assert torch.equal(first.vectors, second.vectors)
    other = InversionConfig(BARE_TEMPLATES, learning_rate=0.02, batch_size=2, seed=1)
    assert begin(backbone, views, other).advance() != losses[0]


def test_going_on_from_a_checkpoint_gives_the_same_bits(
    backbone: Backbone, views: Views, tmp_path: Path
) -> None:
    whole = begin(backbone, views)
    losses = [whole.advance() for _ in range(5)]
    half = begin(backbone, views)
    for _ in range(2):
        half.advance()
    save_checkpoint(tmp_path / "checkpoint", half.state(), Progressed(half.step))
    found = load_checkpoint(tmp_path / "checkpoint")
    assert found is not None
    resumed = begin(backbone, views)
    resumed.load_state(found[0], found[1].step)
    assert [resumed.advance() for _ in range(3)] == losses[2:]
    assert torch.equal(resumed.vectors, whole.vectors)
    assert resumed.step == 5


def test_an_anchor_holds_the_vectors_near_their_start(backbone: Backbone, views: Views) -> None:
    distances = []
    for anchor in (0.0, 100.0):
        inversion = begin(backbone, views, InversionConfig(BARE_TEMPLATES, 0.02, 2, anchor=anchor))
        start = inversion.vectors.detach().clone()
        for _ in range(15):
            inversion.advance()
        distances.append(float((inversion.vectors.detach() - start).norm()))
    assert distances[1] < 0.5 * distances[0]


def test_one_prompt_is_encoded_a_step_and_all_templates_have_their_turn(
    backbone: Backbone, views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = ("{} on wood", "a {}", "the {}")
    seen: list[str] = []
    encode = Backbone.context

    def context(self: Backbone, template: str, vectors: Any = None) -> Any:
        seen.append(template)
        return encode(self, template, vectors)

    monkeypatch.setattr(Backbone, "context", context)
    inversion = begin(backbone, views, InversionConfig(templates, 0.02, batch_size=4))
    for _ in range(15):
        inversion.advance()
    assert len(seen) == 15
    assert set(seen) == set(templates)


def test_the_timesteps_of_a_batch_are_spread_unless_it_is_the_papers(
    backbone: Backbone, views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[int]] = []
    predict = Backbone.predict

    def spy(self: Backbone, latents: Any, timestep: torch.Tensor, *further: Any, **named: Any) -> Any:
        seen.append(sorted((timestep // 250).tolist()))
        return predict(self, latents, timestep, *further, **named)

    monkeypatch.setattr(Backbone, "predict", spy)
    for is_paper in (False, True):
        seen.clear()
        inversion = begin(backbone, views, InversionConfig(BARE_TEMPLATES, 0.02, 4, is_paper=is_paper))
        for _ in range(5):
            inversion.advance()
        assert all(quarters == [0, 1, 2, 3] for quarters in seen) is not is_paper


# --- flat curves ---------------------------------------------------------------------------------------


def falling(steps: int, every: int, half_life: float) -> Iterator[float]:
    """1 → 0.3 with a little noise."""
    generator = torch.Generator().manual_seed(0)
    for step in range(0, steps, every):
        noise = 0.002 * float(torch.randn((), generator=generator))
        yield 0.3 + 0.7 * 2 ** (-step / half_life) + noise


def test_a_curve_is_flat_some_time_after_it_has_fallen() -> None:
    curve = list(falling(2000, 10, half_life=60))
    first = next(i for i in range(len(curve)) if is_flat(curve[:i], 10))
    assert 400 <= 10 * first <= 800
    assert is_flat(curve, 10)


def test_a_curve_that_still_falls_is_not_flat() -> None:
    assert not is_flat([1 - step / 2000 for step in range(0, 1000, 10)], 10)
    assert not is_flat(list(falling(1000, 10, half_life=600)), 10)


def test_a_curve_is_not_flat_before_there_is_enough_of_it() -> None:
    assert not is_flat([0.5] * 39, every=10)
    assert is_flat([0.5] * 40, every=10)
    assert not is_flat([], every=10)


# --- random numbers and the optimiser's state ----------------------------------------------------------


def test_every_step_and_seed_has_random_numbers_of_its_own() -> None:
    drawn = {
        float(torch.rand((), generator=step_generator(seed, step))) for seed in range(5) for step in range(50)
    }
    assert len(drawn) == 250
    again = [float(torch.rand((), generator=step_generator(3, 7))) for _ in range(2)]
    assert again[0] == again[1]


@pytest.mark.parametrize("is_fused", [False, True])
def test_the_optimisers_state_comes_back_as_it_was_laid_out(is_fused: bool) -> None:
    def network() -> nn.Module:
        torch.manual_seed(0)
        return nn.Conv2d(3, 5, 3).to(memory_format=torch.channels_last)

    def steps(conv: nn.Module, optimizer: torch.optim.Optimizer, count: int) -> None:
        for seed in range(count):
            images = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(seed))
            optimizer.zero_grad()
            conv(images).square().mean().backward()
            optimizer.step()

    conv = network()
    optimizer = torch.optim.AdamW(conv.parameters(), lr=0.1, fused=is_fused)
    steps(conv, optimizer, 2)
    saved = {name: tensor.clone().contiguous() for name, tensor in optimizer_tensors(optimizer).items()}
    copy = network()
    copy.load_state_dict({name: tensor.clone() for name, tensor in conv.state_dict().items()})
    resumed = torch.optim.AdamW(copy.parameters(), lr=0.1, fused=is_fused)
    load_optimizer_tensors(resumed, saved)
    moments = resumed.state[copy.weight]["exp_avg"]
    assert moments.is_contiguous(memory_format=torch.channels_last)
    steps(conv, optimizer, 2)
    steps(copy, resumed, 2)
    assert torch.equal(conv.weight, copy.weight)
