"""A backbone: the latent diffusion model that everything else runs on."""

from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor, nn

from engine.device import fast_arithmetic
from engine.diffusion.backbone.manifest import Manifest
from engine.diffusion.backbone.schedule import Schedule
from engine.diffusion.backbone.text import Prompts, encode_prompt, start_vectors, token_embedding

Kind = Literal["ldm", "sd"]


@dataclass(frozen=True)
class Posterior:
    """q(z|x) of a batch of images, in the units that the U-Net works in: `mean` and `std`, (B, c, h, w)."""

    mean: Tensor
    std: Tensor

    @property
    def mode(self) -> Tensor:
        return self.mean

    def sample(self, generator: torch.Generator | None = None) -> Tensor:
        """mean + std · ε, (B, c, h, w); the noise comes from `generator`, wherever that lives."""
        where = generator.device if generator is not None else self.mean.device
        noise = torch.randn(self.mean.shape, generator=generator, device=where)
        return self.mean + self.std * noise.to(self.mean)


@dataclass(eq=False)
class Backbone:
    """U-Net, autoencoder and text encoder of one latent diffusion model, loaded and ready.

    Weights are float32 everywhere; on CUDA the U-Net computes in bfloat16. `hash` is over all the files that
    define the model; an anomaly embedding belongs to exactly one hash.
    """

    reference: str
    kind: Kind
    hash: str
    manifest: Manifest
    unet: nn.Module
    vae: nn.Module
    text_encoder: nn.Module
    tokenizer: Any
    schedule: Schedule
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    dtype: torch.dtype = torch.float32

    def __post_init__(self) -> None:
        self._prompts = Prompts(self.tokenizer, _context_length(self.tokenizer, self.text_encoder))

    @property
    def latent_channels(self) -> int:
        """c of the latents."""
        return int(self.unet.config.out_channels)  # type: ignore[union-attr, arg-type]

    @property
    def downscale(self) -> int:
        """Image pixels a latent, in each direction."""
        return int(2 ** (len(self.vae.config.block_out_channels) - 1))  # type: ignore[union-attr, arg-type]

    @property
    def size_px(self) -> int:
        """Side of the square crops that the backbone was trained on."""
        return self.manifest.size_px or int(self.unet.config.sample_size) * self.downscale  # type: ignore[union-attr, arg-type]

    @property
    def is_inpainting(self) -> bool:
        """Does the U-Net also see the box and the latents of the photo with the box blanked?"""
        return int(self.unet.config.in_channels) == 2 * self.latent_channels + 1  # type: ignore[union-attr, arg-type]

    @property
    def token_dim(self) -> int:
        """D: numbers in a vector of an anomaly embedding."""
        return token_embedding(self.text_encoder).embedding_dim

    def freeze(self) -> None:
        """No gradient to any weight, no dropout."""
        for network in (self.unet, self.vae, self.text_encoder):
            network.requires_grad_(False).eval()

    def encode(self, images: Tensor) -> Posterior:
        """The latents of images (B, 3, H, W) in [−1, 1], H and W multiples of `downscale`.

        z = (E(x) − shift) · scale
        """
        scale, shift = self._latent_units()
        encoded = self.vae.encode(images.to(self.device, self.dtype))  # type: ignore[operator]
        if hasattr(encoded, "latents"):  # a vector-quantised autoencoder knows no spread
            mean = encoded.latents
            return Posterior((mean - shift) * scale, torch.zeros_like(mean))
        distribution = encoded.latent_dist
        return Posterior((distribution.mean - shift) * scale, distribution.std * scale)

    def decode(self, latents: Tensor) -> Tensor:
        """Images (B, 3, H, W), nearly always within [−1, 1], from latents z (B, c, h, w)."""
        scale, shift = self._latent_units()
        return self.vae.decode(latents.to(self.device, self.dtype) / scale + shift).sample  # type: ignore[operator]

    def context(self, template: str, vectors: Tensor | None = None) -> Tensor:
        """τ(y, v): what the U-Net attends to, (1, L, C), or (B, L, C) for `vectors` (B, K, D).

        `{}` in `template` is where the K `vectors` (K, D) go; the gradient reaches them. Without vectors it
        is a plain prompt; the empty one is the null prompt of guidance.

        Raises:
            ValueError: template and vectors do not agree, or the vectors are not `token_dim` wide.
            EngineError: the vectors do not fit into the prompt.
        """
        if vectors is not None and vectors.shape[-1] != self.token_dim:
            raise ValueError(
                f"vectors of {vectors.shape[-1]} numbers for a backbone that has {self.token_dim}"
            )
        tokens = self._prompts.tokenize(template, 0 if vectors is None else vectors.shape[-2])
        return encode_prompt(self.text_encoder, tokens, vectors)

    def word_vectors(self, word: str, count: int) -> Tensor:
        """(count, D) float32: the token embedding of `word` (mean of its tokens) and near neighbours of it.

        Raises:
            EngineError: the backbone does not know the word.
        """
        return start_vectors(token_embedding(self.text_encoder), self._prompts.word_ids(word), count)

    def predict(
        self,
        latents: Tensor,
        timestep: Tensor,
        context: Tensor,
        box_mask: Tensor | None = None,
        blanked: Tensor | None = None,
    ) -> Tensor:
        """The U-Net's raw output ε_θ or v_θ, (B, c, h, w).

        Args:
            latents: z_t, (B, c, h, w).   timestep: t, (B,) long.   context: (B, L, C).
            box_mask: M, (B, 1, h, w), 1 inside the box; an inpainting backbone needs it, others ignore it.
            blanked: latents of the photo with the box blanked (grey, 0 in [−1, 1]), (B, c, h, w); likewise.
        Raises:
            ValueError: an inpainting backbone without `box_mask` or `blanked`.
        """
        if self.is_inpainting:
            if box_mask is None or blanked is None:
                raise ValueError("an inpainting backbone needs box_mask and blanked")
            latents = torch.cat([latents, box_mask.to(latents), blanked.to(latents)], dim=1)
        with fast_arithmetic(self.device):
            return self.unet(latents, timestep, encoder_hidden_states=context).sample.to(latents.dtype)

    def _latent_units(self) -> tuple[float, float]:
        config = self.vae.config
        shift = getattr(config, "shift_factor", None) or 0.0
        return float(config.scaling_factor), float(shift)  # type: ignore[union-attr, arg-type]


def _context_length(tokenizer: Any, text_encoder: nn.Module) -> int:
    """Tokens that tokenizer and text encoder both take; 77 for CLIP and LDMBert."""
    return min(int(tokenizer.model_max_length), int(text_encoder.config.max_position_embeddings))  # type: ignore[union-attr, arg-type]
