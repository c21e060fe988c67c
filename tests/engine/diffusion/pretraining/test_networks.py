import numpy as np
import torch

from engine.diffusion.pretraining.evaluation import reconstruction_psnr
from engine.diffusion.pretraining.networks import (
    build_autoencoder,
    build_scheduler,
    build_text_encoder,
    build_unet,
)
from engine.diffusion.pretraining.rendering import render_siblings
from engine.diffusion.pretraining.tokenizer import build_tokenizer


def test_the_untrained_autoencoder_already_carries_the_picture():
    torch.manual_seed(0)
    autoencoder = build_autoencoder()
    renders = [render_siblings(seed)[0].image for seed in range(4)]
    assert reconstruction_psnr(autoencoder, renders) > 18


def test_a_flat_picture_comes_back():
    torch.manual_seed(0)
    autoencoder = build_autoencoder()
    flat = np.full((64, 64, 3), (200, 100, 50), np.uint8)
    pixels = torch.from_numpy(flat).movedim(-1, 0)[None].float() / 127.5 - 1
    with torch.no_grad():
        latents = autoencoder.encode(pixels).latent_dist.mean
        decoded = autoencoder.decode(latents).sample
    assert latents.shape == (1, 4, 16, 16)
    middle = decoded[0, :, 16:48, 16:48].mean((1, 2))
    torch.testing.assert_close(middle, pixels[0, :, 0, 0], atol=0.15, rtol=0)


def test_the_unet_sees_the_box_and_hears_the_caption():
    torch.manual_seed(0)
    tokenizer = build_tokenizer()
    unet, text_encoder = build_unet(), build_text_encoder(tokenizer)
    ids = tokenizer(["crack", "stain"], padding="max_length", return_tensors="pt").input_ids
    with torch.no_grad():
        context = text_encoder(ids).last_hidden_state
        latents = torch.randn(1, 9, 16, 16).expand(2, -1, -1, -1)
        output = unet(latents, torch.tensor([500, 500]), context).sample
    assert output.shape == (2, 4, 16, 16)
    assert not torch.equal(output[0], output[1])


def test_the_schedule_ends_in_pure_noise():
    assert build_scheduler().alphas_cumprod[-1] < 1e-6
