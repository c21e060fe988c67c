"""Pre-training on a GPU: bfloat16, compiled, large batches."""

import math

import pytest
import torch

from engine.diffusion.backbone.schedule import schedule_from_config
from engine.diffusion.pretraining.captions import Caption
from engine.diffusion.pretraining.denoising import DenoiserTraining
from engine.diffusion.pretraining.latents import Latents
from engine.diffusion.pretraining.networks import build_scheduler
from engine.diffusion.pretraining.tokenizer import build_tokenizer

pytestmark = pytest.mark.gpu


def plain_latents(groups: int) -> Latents:
    """Even surfaces, whose level only the caption tells."""
    masks = torch.zeros(groups, 3, 1, 32, 32, dtype=torch.uint8)
    masks[..., 12:20, 12:20] = 1
    levels = torch.tensor([0.0, 1.0, -1.0]).view(1, 3, 1, 1, 1).expand(groups, 3, 4, 32, 32)
    kinds = [Caption(kind, "", "steel") for kind in ("", "crack", "stain")]
    return Latents(levels.half(), torch.zeros_like(levels).half(), masks, masks, kinds * groups)


def test_the_loss_falls_on_a_gpu() -> None:
    device = torch.device("cuda")
    schedule = schedule_from_config(dict(build_scheduler().config))
    training = DenoiserTraining(plain_latents(4), build_tokenizer(), schedule, 1.0, 0, device)
    losses = [training.advance(0.0) for _ in range(150)]
    assert all(math.isfinite(loss) for loss in losses)
    assert sum(losses[-20:]) < 0.5 * sum(losses[:20])
    state = training.state()
    assert {tensor.dtype for name, tensor in state.items() if name.startswith("networks.")} == {torch.float32}
