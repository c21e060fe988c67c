from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.diffusion.backbone import load_backbone
from engine.diffusion.objective import denoise, masked_loss, stratified_timesteps, weighted_loss
from engine.diffusion.views import Batch
from tests.engine.diffusion.tiny_backbones import build


def latents(*values: float) -> Tensor:
    """One crop of one channel, 2×2."""
    return torch.tensor(values, dtype=torch.float32).reshape(1, 1, 2, 2)


def test_the_masked_loss_by_hand() -> None:
    output, target = latents(1, 2, 3, 4), latents(0, 0, 0, 0)
    mask = latents(1, 0, 1, 0)
    assert masked_loss(output, target, mask).item() == pytest.approx((1 + 9) / 2)
    assert masked_loss(output, target, mask, over_all_pixels=True).item() == pytest.approx((1 + 9) / 4)


def test_the_masked_loss_counts_channels_and_crops_alike() -> None:
    output = torch.stack([torch.full((3, 2, 2), 2.0), torch.full((3, 2, 2), 4.0)])
    mask = torch.cat([latents(1, 0, 0, 0), latents(1, 1, 1, 0)])
    assert masked_loss(output, torch.zeros_like(output), mask).item() == pytest.approx((4 + 3 * 16) / 4)


def test_a_batch_without_any_anomaly_has_no_masked_loss() -> None:
    assert masked_loss(latents(1, 2, 3, 4), latents(0, 0, 0, 0), latents(0, 0, 0, 0)).item() == 0


def test_outside_the_mask_nothing_has_a_gradient() -> None:
    output = latents(1, 2, 3, 4).requires_grad_(True)
    masked_loss(output, latents(0, 0, 0, 0), latents(1, 0, 1, 0)).backward()
    assert output.grad is not None
    assert torch.equal(output.grad, latents(1, 0, 3, 0))


def test_a_small_defect_has_as_large_a_gradient_as_a_large_one() -> None:
    gradients = []
    for mask in (latents(1, 0, 0, 0), latents(1, 1, 1, 1)):
        output = latents(2, 2, 2, 2).requires_grad_(True)
        masked_loss(output, latents(0, 0, 0, 0), mask).backward()
        assert output.grad is not None
        gradients.append(output.grad.sum().item())
    assert gradients[0] == pytest.approx(gradients[1])


def test_the_weighted_loss_by_hand() -> None:
    output, target = latents(1, 2, 3, 4), latents(0, 0, 0, 0)
    weight = latents(1, 0, 0, 3)
    expected = (1 * 1 + 3 * 16) / 4
    assert weighted_loss(output, target, weight).item() == pytest.approx(expected)
    assert weighted_loss(output, target, 10 * weight).item() == pytest.approx(expected)


def test_timesteps_lie_in_one_stratum_each() -> None:
    drawn = stratified_timesteps(10, 1000, torch.Generator().manual_seed(3))
    assert sorted((drawn // 100).tolist()) == list(range(10))
    assert drawn.tolist() != sorted(drawn.tolist())
    high = stratified_timesteps(6, 1000, torch.Generator().manual_seed(3), above=400)
    assert sorted(((high - 400) // 100).tolist()) == list(range(6))
    assert torch.equal(drawn, stratified_timesteps(10, 1000, torch.Generator().manual_seed(3)))


@pytest.mark.parametrize("kind", ["sd1", "embedded"])
def test_the_unet_sees_noised_latents_and_has_to_say_what_the_backbone_predicts(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backbone = load_backbone(str(build(kind, tmp_path / kind)))
    seen = {}

    def predict(noisy: Tensor, timesteps: Tensor, context: Tensor, **further: Tensor) -> Tensor:
        seen.update(noisy=noisy, context=context, **further)
        return noisy

    monkeypatch.setattr(backbone, "predict", predict)
    z0, noise = torch.full((2, 4, 8, 8), 2.0), torch.full((2, 4, 8, 8), 0.5)
    mask = torch.ones(2, 1, 8, 8)
    timesteps = torch.tensor([100, 900])
    batch = Batch(z0, 3 * mask.expand(-1, 4, -1, -1), mask, mask)
    output, target = denoise(backbone, batch, timesteps, noise, torch.zeros(1, 5, 8))

    signal = backbone.schedule.alphas_cumprod[timesteps].sqrt().reshape(2, 1, 1, 1)
    sigma = (1 - signal**2).sqrt()
    torch.testing.assert_close(seen["noisy"], signal * z0 + sigma * noise)
    expected = noise if kind == "sd1" else signal * noise - sigma * z0
    torch.testing.assert_close(target, expected)
    assert output is seen["noisy"]
    assert seen["context"].shape == (2, 5, 8)
    assert seen["box_mask"] is batch.box
    assert seen["blanked"] is batch.blanked
