"""A ResNet of basic blocks (He et al., CVPR 2016), its parts named as in a transformers folder of ResNet-18."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from engine.errors import EngineError

RESNET18 = (64, 128, 256, 512)
"""Channels of the four stages; each has two blocks."""


class Unit(nn.Module):
    """Convolution, which keeps the size at stride 1, and normalisation."""

    def __init__(self, before: int, after: int, kernel: int = 3, stride: int = 1, dilation: int = 1) -> None:
        super().__init__()
        padding = dilation * (kernel // 2)
        self.convolution = nn.Conv2d(before, after, kernel, stride, padding, dilation, bias=False)
        self.normalization = nn.BatchNorm2d(after)
        nn.init.kaiming_normal_(self.convolution.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        normalised: Tensor = self.normalization(self.convolution(x))
        return normalised


class Block(nn.Module):
    """Two units beside a shortcut, which is a unit of its own where the shape changes."""

    def __init__(self, before: int, after: int, stride: int = 1) -> None:
        super().__init__()
        self.layer = nn.ModuleList([Unit(before, after, stride=stride), Unit(after, after)])
        changes = before != after or stride != 1
        self.shortcut = Unit(before, after, kernel=1, stride=stride) if changes else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        inner = self.layer[1](torch.relu(self.layer[0](x)))
        return torch.relu(inner + self.shortcut(x))


class Stage(nn.Module):
    """Blocks, of which the first changes the shape: (B, before, h, w) → (B, after, h / stride, w / stride)."""

    def __init__(self, before: int, after: int, blocks: int = 2, stride: int = 1) -> None:
        super().__init__()
        first = Block(before, after, stride)
        self.layers = nn.Sequential(first, *(Block(after, after) for _ in range(blocks - 1)))

    def forward(self, x: Tensor) -> Tensor:
        features: Tensor = self.layers(x)
        return features


class ResNet(nn.Module):
    """Stem and stages: (B, 3, H, W) → the features of every stage, (B, widths[k], H / 2^(k+2), W / 2^(k+2)).

    Args:
        widths: channels of the stages.   blocks: of every stage.   stem: channels before the first stage.
    """

    def __init__(self, widths: Sequence[int], blocks: Sequence[int], stem: int) -> None:
        super().__init__()
        self.widths = tuple(widths)
        self.embedder = nn.ModuleDict({"embedder": Unit(3, stem, kernel=7, stride=2)})
        self.pooler = nn.MaxPool2d(3, stride=2, padding=1)
        sizes = enumerate(zip((stem, *widths), widths, strict=False))
        stages = [Stage(before, after, blocks[k], 1 if k == 0 else 2) for k, (before, after) in sizes]
        self.encoder = nn.ModuleDict({"stages": nn.ModuleList(stages)})

    def forward(self, images: Tensor) -> list[Tensor]:
        x = self.pooler(torch.relu(self.embedder["embedder"](images)))
        features = []
        for stage in cast(nn.ModuleList, self.encoder["stages"]):
            x = stage(x)
            features.append(x)
        return features


def read_resnet(folder: Path, stages: int) -> ResNet:
    """The first stages of the ResNet in a transformers folder, with its weights.

    Raises:
        EngineError: there is none, or it is no ResNet-18 (bottleneck blocks, too few stages).
    """
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        weights = load_file(folder / "model.safetensors")
    except (OSError, ValueError, SafetensorError) as error:
        raise _missing(folder) from error
    try:
        depths, widths = config["depths"][:stages], config["hidden_sizes"][:stages]
        if config["layer_type"] != "basic" or len(widths) < stages:
            raise _missing(folder)
        network = ResNet(widths, depths, config["embedding_size"])
        stored = {name.removeprefix("resnet."): tensor for name, tensor in weights.items()}
        network.load_state_dict({name: stored[name] for name in network.state_dict()})
    except (KeyError, TypeError, RuntimeError) as error:
        raise _missing(folder) from error
    return network


def _missing(folder: Path) -> EngineError:
    return EngineError(
        f"There is no ResNet-18 in {folder} that can be read.",
        "Fetch config.json and model.safetensors of microsoft/resnet-18 from huggingface.co into that folder.",
    )
