"""Tiny random backbones of each kind, in diffusers layout: 16×16 latents at most, a few thousand weights.

`build(kind, folder)` writes one; the networks are real, only small: so is every shape and gradient.
"""

import json
from pathlib import Path
from typing import Any

import diffusers
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel, VQModel
from diffusers.pipelines.latent_diffusion.pipeline_latent_diffusion import LDMBertConfig, LDMBertModel
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from transformers import CLIPTextConfig, CLIPTextModel, PreTrainedTokenizerFast
from transformers.utils import logging

WIDTH = 8  # of a token vector
WORDS = (
    "defect",
    "crack",
    "scratch",
    "hole",
    "a",
    "photo",
    "of",
    "the",
    "on",
    "wood",
    "metal",
    "wide",
    "bright",
)

KINDS = ("ldm", "ldm-kl", "sd1", "sd1-inpaint", "sd2-v", "sd2-v-inpaint", "sd2-v-zero-snr", "embedded")


def build(kind: str, folder: Path, *, size_px: int = 32, seed: int = 0) -> Path:
    """Write a random backbone of `kind` (one of KINDS) whose crops are `size_px` wide; returns `folder`."""
    logging.disable_progress_bar()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        _save_networks(kind, folder, size_px)
    _write_json(folder / "scheduler" / "scheduler_config.json", _scheduler(kind))
    _write_json(folder / "model_index.json", _index(kind))
    if kind == "embedded":
        _write_json(
            folder / "anogen.json",
            {"needs_adaptation": True, "adapter_rank": 0, "guidance": 3.0, "captions_are_sentences": False},
        )
    return folder


def _save_networks(kind: str, folder: Path, size_px: int) -> None:
    is_ldm, is_embedded = kind.startswith("ldm"), kind == "embedded"
    downscale = 4 if is_embedded else 8
    _save_autoencoder(kind, folder / ("vqvae" if is_ldm else "vae"), downscale)
    unet = _unet(9 if "inpaint" in kind or is_embedded else 4, size_px // downscale)
    unet.save_pretrained(folder / "unet")
    if is_ldm:
        _save_bert(folder)
    else:
        _save_clip(folder, is_embedded)


def _unet(in_channels: int, sample_size: int) -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=sample_size,
        in_channels=in_channels,
        out_channels=4,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        block_out_channels=(8, 16),
        layers_per_block=1,
        cross_attention_dim=WIDTH,
        attention_head_dim=4,
        norm_num_groups=4,
    )


def _save_autoencoder(kind: str, folder: Path, downscale: int) -> None:
    levels = downscale.bit_length()
    shape: dict[str, Any] = {
        "block_out_channels": (8,) * levels,
        "down_block_types": ("DownEncoderBlock2D",) * levels,
        "up_block_types": ("UpDecoderBlock2D",) * levels,
        "latent_channels": 4,
        "layers_per_block": 1,
        "norm_num_groups": 4,
    }
    if kind == "ldm":
        VQModel(**shape, num_vq_embeddings=64).save_pretrained(folder)
    else:
        AutoencoderKL(**shape).save_pretrained(folder)


def _save_bert(folder: Path) -> None:
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    config = LDMBertConfig(
        vocab_size=len(words),
        encoder_layers=1,
        encoder_ffn_dim=16,
        encoder_attention_heads=2,
        head_dim=4,
        d_model=WIDTH,
        max_position_embeddings=77,
    )
    LDMBertModel(config).save_pretrained(folder / "bert")
    (folder / "tokenizer").mkdir(parents=True)
    (folder / "tokenizer" / "vocab.txt").write_text("\n".join(words) + "\n")
    _write_json(
        folder / "tokenizer" / "tokenizer_config.json",
        {"tokenizer_class": "BertTokenizer", "model_max_length": 512, "do_lower_case": True},
    )


def _save_clip(folder: Path, is_embedded: bool) -> None:
    size = (
        _save_word_tokenizer(folder / "tokenizer")
        if is_embedded
        else _save_clip_tokenizer(folder / "tokenizer")
    )
    config = CLIPTextConfig(
        vocab_size=size,
        hidden_size=WIDTH,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=16 if is_embedded else 77,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=1,
    )
    CLIPTextModel(config).save_pretrained(folder / "text_encoder")


def _save_clip_tokenizer(folder: Path) -> int:
    """A byte-pair vocabulary of single letters, and merges that make words of WORDS; returns its size."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    tokens = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{letter}</w>" for letter in letters)]
    merges: list[tuple[str, str]] = []
    for word in WORDS:
        parts = [*word[:-1], f"{word[-1]}</w>"]
        for left, right in merges:
            parts = _merged(parts, left, right)
        while len(parts) > 1:
            merges.append((parts[0], parts[1]))
            parts = _merged(parts, parts[0], parts[1])
    folder.mkdir(parents=True)
    tokens += [left + right for left, right in merges]
    _write_json(folder / "vocab.json", {token: index for index, token in enumerate(tokens)})
    (folder / "merges.txt").write_text(
        "#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in merges)
    )
    config = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "bos_token": "<|startoftext|>"}
    config |= dict.fromkeys(("eos_token", "unk_token", "pad_token"), "<|endoftext|>")
    _write_json(folder / "tokenizer_config.json", config)
    return len(tokens)


def _merged(parts: list[str], left: str, right: str) -> list[str]:
    """The parts of a word, with `left` and `right` made one wherever they meet."""
    merged: list[str] = []
    for part in parts:
        if merged and (merged[-1], part) == (left, right):
            merged[-1] = left + right
        else:
            merged.append(part)
    return merged


def _save_word_tokenizer(folder: Path) -> int:
    """A vocabulary of whole words, as the embedded backbone has it; returns its size."""
    words = ["<start>", "<end>", "<unknown>", *WORDS]
    tokenizer = Tokenizer(WordLevel({word: index for index, word in enumerate(words)}, unk_token="<unknown>"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="<start> $A <end>", special_tokens=[("<start>", 0), ("<end>", 1)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<start>",
        eos_token="<end>",
        unk_token="<unknown>",
        pad_token="<end>",
        model_max_length=16,
    ).save_pretrained(folder)
    return len(words)


def _scheduler(kind: str) -> dict[str, Any]:
    config: dict[str, Any] = {
        "_class_name": "DDIMScheduler",
        "num_train_timesteps": 1000,
        "beta_schedule": "scaled_linear",
        "beta_start": 0.00085,
        "beta_end": 0.012,
        "clip_sample": False,
        "set_alpha_to_one": False,
        "steps_offset": 1,
    }
    if "-v" in kind or kind == "embedded":
        config["prediction_type"] = "v_prediction"
    if "zero-snr" in kind or kind == "embedded":
        config |= {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
    return config


def _index(kind: str) -> dict[str, Any]:
    if kind.startswith("ldm"):
        return {
            "_class_name": "LDMTextToImagePipeline",
            "_diffusers_version": diffusers.__version__,
            "bert": ["latent_diffusion", "LDMBertModel"],
            "scheduler": ["diffusers", "DDIMScheduler"],
            "tokenizer": ["transformers", "BertTokenizer"],
            "unet": ["diffusers", "UNet2DConditionModel"],
            "vqvae": ["diffusers", "VQModel" if kind == "ldm" else "AutoencoderKL"],
        }
    inpaints = "inpaint" in kind or kind == "embedded"
    return {
        "_class_name": "StableDiffusionInpaintPipeline" if inpaints else "StableDiffusionPipeline",
        "_diffusers_version": diffusers.__version__,
        "scheduler": ["diffusers", "DDIMScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "PreTrainedTokenizerFast" if kind == "embedded" else "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    }


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2))
