"""The trained networks as a backbone: a folder in diffusers layout, float16."""

import json
from pathlib import Path

import torch
from diffusers import AutoencoderKL
from torch import nn
from transformers import PreTrainedTokenizerFast

from engine.diffusion.backbone.manifest import Manifest, write_manifest
from engine.diffusion.pretraining.denoising import Networks
from engine.diffusion.pretraining.networks import build_scheduler
from engine.diffusion.pretraining.rendering import CROP

GUIDANCE = 2.0
_INDEX = {
    "_class_name": "StableDiffusionInpaintPipeline",
    "_diffusers_version": "0.35.0",
    "feature_extractor": [None, None],
    "safety_checker": [None, None],
    "scheduler": ["diffusers", "DDPMScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "PreTrainedTokenizerFast"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
}


def export_backbone(
    folder: Path,
    autoencoder: AutoencoderKL,
    networks: Networks,
    tokenizer: PreTrainedTokenizerFast,
    scale: float,
) -> None:
    """Write the backbone into `folder`, over what is there; the networks themselves stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    autoencoder.register_to_config(scaling_factor=scale)
    pieces: dict[str, nn.Module] = {
        "vae": autoencoder,
        "unet": networks.unet,
        "text_encoder": networks.text_encoder,
    }
    for name, network in pieces.items():
        _save_half(network, folder / name)
    tokenizer.save_pretrained(str(folder / "tokenizer"))
    build_scheduler().save_pretrained(str(folder / "scheduler"))
    (folder / "model_index.json").write_text(json.dumps(_INDEX, indent=2) + "\n")
    manifest = Manifest(
        needs_adaptation=True,
        adapter_rank=0,
        guidance=GUIDANCE,
        size_px=CROP,
        licence="Apache-2.0",
        captions_are_sentences=False,
        source="anogen backbone pretrain: rendered surfaces only, no photo",
    )
    write_manifest(folder, manifest)


def _save_half(network: nn.Module, folder: Path) -> None:
    """Save float16 weights of a network that goes on in float32."""
    full = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    network.half()
    network.save_pretrained(str(folder), safe_serialization=True)  # type: ignore[operator]
    network.float()
    network.load_state_dict(full)


def latent_scale(z0: torch.Tensor) -> float:
    """What latents are multiplied by, so that their standard deviation is 1."""
    return round(1 / float(z0.float().std()), 5)
