from dataclasses import replace

import pytest
import torch
from torch import Tensor

from engine.diffusion.backbone import Backbone, load_backbone
from engine.diffusion.denoiser import Denoiser, Guidance, in_blocks
from tests.engine.diffusion.tiny_backbones import build

LENGTH, WIDTH, SIDE = 16, 8, 8


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Backbone:
    return load_backbone(str(build("embedded", tmp_path_factory.mktemp("backbone"))))


def random(*shape: int, seed: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def denoiser_of(
    backbone: Backbone, count: int, guidance: Guidance, rows_on_cpu: int | None = 4
) -> tuple[Denoiser, Tensor]:
    """A denoiser of `count` crops, each of which is the same whatever the count, and z_t."""
    rows = [random(9 + SIDE * LENGTH, SIDE, SIDE, seed=row) for row in range(count)]
    context = torch.stack([row[9:].flatten()[: LENGTH * WIDTH].reshape(LENGTH, WIDTH) for row in rows])
    crops = torch.stack([row[:9] for row in rows])
    return Denoiser(
        backbone,
        context=context,
        null_context=random(1, LENGTH, WIDTH, seed=99),
        box_mask=(crops[:, 8:] > 0).float(),
        blanked=crops[:, 4:8],
        guidance=guidance,
        batch_size=4,
        rows_on_cpu=rows_on_cpu,
    ), crops[:, :4]


@torch.no_grad()
def predicted(denoiser: Denoiser, latents: Tensor, timestep: int, context: Tensor) -> Tensor:
    """What the U-Net itself says, all rows at once."""
    timesteps = torch.full((len(latents),), timestep)
    return denoiser.backbone.predict(
        latents, timesteps, context, box_mask=denoiser.box_mask, blanked=denoiser.blanked
    )


@pytest.mark.parametrize(("weight", "is_null"), [(1.0, False), (0.0, True)])
def test_weights_0_and_1_are_one_of_the_two_predictions(
    backbone: Backbone, weight: float, is_null: bool
) -> None:
    denoiser, latents = denoiser_of(backbone, 3, Guidance(weight))
    context = denoiser.null_context.expand_as(denoiser.context) if is_null else denoiser.context
    output = predicted(denoiser, latents, 500, context)
    expected = backbone.schedule.to_x0(output, latents, 500)
    torch.testing.assert_close(denoiser(latents, 500), expected, rtol=1e-4, atol=1e-5)


def test_guidance_goes_beyond_the_conditional_prediction(backbone: Backbone) -> None:
    denoiser, latents = denoiser_of(backbone, 2, Guidance(3.0))
    null_context = denoiser.null_context.expand_as(denoiser.context)
    unconditional = predicted(denoiser, latents, 700, null_context)
    conditional = predicted(denoiser, latents, 700, denoiser.context)
    output = unconditional + 3 * (conditional - unconditional)
    expected = backbone.schedule.to_x0(output, latents, 700)
    torch.testing.assert_close(denoiser(latents, 700), expected, rtol=1e-4, atol=1e-4)


def test_there_is_no_guidance_below_its_last_timestep(backbone: Backbone) -> None:
    guided, latents = denoiser_of(backbone, 2, Guidance(5.0, above=300))
    plain = replace(guided, guidance=Guidance(1.0))
    assert torch.equal(guided(latents, 299), plain(latents, 299))
    assert not torch.allclose(guided(latents, 300), plain(latents, 300))


@pytest.mark.parametrize("weight", [1.0, 4.0])
@pytest.mark.parametrize("count", [1, 3, 6])
def test_a_crop_is_the_same_alone_and_in_company(backbone: Backbone, weight: float, count: int) -> None:
    guidance = Guidance(weight, rescale=0.7)
    alone, latents = denoiser_of(backbone, 1, guidance)
    together, all_latents = denoiser_of(backbone, count, guidance)
    assert torch.equal(latents, all_latents[:1])
    assert torch.equal(alone(latents, 600), together(all_latents, 600)[:1])


@pytest.mark.parametrize(("rows_on_cpu", "rows"), [(4, [4, 4]), (8, [8]), (None, [6])])
def test_rows_of_the_u_net(
    backbone: Backbone, rows_on_cpu: int | None, rows: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    predict = Backbone.predict

    def counted(self: Backbone, latents: Tensor, *others: Tensor, **named: Tensor) -> Tensor:
        seen.append(len(latents))
        return predict(self, latents, *others, **named)

    monkeypatch.setattr(Backbone, "predict", counted)
    denoiser, latents = denoiser_of(backbone, 3, Guidance(2.0), rows_on_cpu)
    assert denoiser(latents, 900).shape == latents.shape
    assert seen == rows


@pytest.mark.parametrize(("weight", "rows"), [(2.0, 8), (1.0, 4)])
def test_an_accelerator_gets_a_whole_batch_at_once(
    backbone: Backbone, weight: float, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def noted(self: Backbone, latents: Tensor, *others: Tensor, **named: Tensor) -> Tensor:
        seen.append(len(latents))
        return torch.zeros_like(latents)

    monkeypatch.setattr(Backbone, "predict", noted)
    denoiser, latents = denoiser_of(backbone, 3, Guidance(weight))
    elsewhere = replace(denoiser, backbone=replace(backbone, device=torch.device("cuda")))
    assert elsewhere(latents, 900).shape == latents.shape
    assert seen == [rows]


def test_no_gradient_reaches_anything(backbone: Backbone) -> None:
    denoiser, latents = denoiser_of(backbone, 1, Guidance(2.0))
    wanting = replace(denoiser, context=denoiser.context.clone().requires_grad_(True))
    assert not wanting(latents, 900).requires_grad


# --- blocks ----------------------------------------------------------------------------------------------


def test_blocks_are_filled_up_and_come_back_in_order() -> None:
    sizes: list[tuple[int, int]] = []

    def add(first: Tensor, second: Tensor) -> Tensor:
        sizes.append((len(first), len(second)))
        return first + second

    first, second = torch.arange(5.0)[:, None], 10 * torch.arange(5.0)[:, None]
    assert in_blocks(add, 2, first, second).flatten().tolist() == [0, 11, 22, 33, 44]
    assert sizes == [(2, 2)] * 3
    assert in_blocks(add, None, first, second).flatten().tolist() == [0, 11, 22, 33, 44]
    assert sizes[-1] == (5, 5)
