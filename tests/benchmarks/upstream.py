"""AnoGen's own loops, straightforwardly: what the benchmarks compare with.

Written from a description of what the authors' code computes, not from the code: every step of the inversion encodes
its photos and one prompt per photo and lets the gradient reach all weights; the generation draws one sample at a time
with 50 DDIM steps, encodes its prompts and its photo for each, and blends fresh noise before every step.
"""

import numpy as np
import torch
from torch import Tensor

from engine.data.images import from_unit, to_unit
from engine.diffusion.backbone import Backbone
from engine.diffusion.prompts import PHOTO_TEMPLATES
from engine.diffusion.views import Crop, to_latent_mask

RATE, WEIGHT_DECAY, BATCH, STEPS = 0.02, 0.01, 4, 6100
DDIM_STEPS, GUIDANCE = 50, 10.0


class UpstreamInversion:
    """Masked textual inversion of one vector as upstream does it."""

    def __init__(self, backbone: Backbone, crops: list[Crop], start: Tensor, seed: int) -> None:
        self.backbone, self.crops = backbone, crops
        self.vectors = start.detach().clone().requires_grad_(True)
        self._optimizer = torch.optim.AdamW([self.vectors], lr=RATE, weight_decay=WEIGHT_DECAY)
        self._rng = np.random.default_rng(seed)
        self._generator = torch.Generator().manual_seed(seed)
        backbone.unet.requires_grad_(True)
        for network in (backbone.unet, backbone.vae):
            network.to(memory_format=torch.contiguous_format)
        backbone.text_encoder.requires_grad_(True)

    def advance(self) -> float:
        """One optimiser step; returns its loss."""
        crops = [self.crops[i] for i in self._rng.integers(0, len(self.crops), BATCH)]
        images = torch.stack([torch.from_numpy(to_unit(crop.image)) for crop in crops])
        boxes = torch.stack([torch.from_numpy(crop.box)[None] for crop in crops]).float()
        masks = torch.stack([torch.from_numpy(crop.mask)[None] for crop in crops]).float()
        with torch.no_grad():
            z0 = self.backbone.encode(images).sample(self._generator)
            blanked = self.backbone.encode(images * (1 - boxes)).mode if self.backbone.is_inpainting else None
        templates = [PHOTO_TEMPLATES[i] for i in self._rng.integers(0, len(PHOTO_TEMPLATES), BATCH)]
        context = torch.cat([self.backbone.context(template, self.vectors) for template in templates])
        timesteps = torch.randint(self.backbone.schedule.num_timesteps, (BATCH,), generator=self._generator)
        noise = torch.randn(z0.shape, generator=self._generator)
        noisy = self.backbone.schedule.add_noise(z0, noise, timesteps)
        box_mask = to_latent_mask(boxes, self.backbone.downscale)
        output = self.backbone.predict(noisy, timesteps, context, box_mask=box_mask, blanked=blanked)
        error = (output - self.backbone.schedule.target(z0, noise, timesteps)) ** 2
        loss = (error * to_latent_mask(masks, self.backbone.downscale)).mean()
        self.backbone.unet.zero_grad(set_to_none=True)
        self.backbone.text_encoder.zero_grad(set_to_none=True)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self._optimizer.step()
        return float(loss.detach())


@torch.no_grad()
def upstream_sample(
    backbone: Backbone, vectors: Tensor, crop: Crop, seed: int, steps: int = DDIM_STEPS
) -> np.ndarray:
    """One sample on one photo, (s, s, 3) uint8."""
    generator = torch.Generator().manual_seed(seed)
    context = torch.cat([backbone.context(""), backbone.context("{}", vectors)])
    image = torch.from_numpy(to_unit(crop.image))[None]
    box = torch.from_numpy(crop.box)[None, None].float()
    normal = backbone.encode(image).sample(generator)
    blanked = backbone.encode(image * (1 - box)).mode if backbone.is_inpainting else torch.zeros_like(normal)
    box_mask = to_latent_mask(box, backbone.downscale)
    schedule = backbone.schedule
    timesteps = [
        int(t) for t in np.round(np.arange(steps, 0, -1) * schedule.num_timesteps / steps).astype(int) - 1
    ]
    latents = torch.randn(normal.shape, generator=generator)
    for t, following in zip(timesteps, [*timesteps[1:], 0], strict=True):
        background = schedule.add_noise(normal, torch.randn(normal.shape, generator=generator), t)
        latents = box_mask * latents + (1 - box_mask) * background
        output = backbone.predict(
            latents.repeat(2, 1, 1, 1),
            torch.tensor([t, t]),
            context,
            box_mask=box_mask.repeat(2, 1, 1, 1),
            blanked=blanked.repeat(2, 1, 1, 1),
        )
        without, with_anomaly = output.chunk(2)
        guided = without + GUIDANCE * (with_anomaly - without)
        x0, noise = schedule.to_x0(guided, latents, t), schedule.to_noise(guided, latents, t)
        signal, sigma = schedule.scales(following, latents)
        latents = signal * x0 + sigma * noise
    return from_unit(backbone.decode(latents)[0].numpy())
