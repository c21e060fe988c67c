"""Random ResNets in transformers folders, as DeSTSeg's teacher."""

import os
from pathlib import Path

import torch

DATA = Path(os.environ.get("ANOGEN_DATA", Path(__file__).parents[4] / "shared" / "data"))
REAL_TEACHER = DATA / "weights" / "resnet18-imagenet-stage1to3"


def write_teacher(folder: Path, widths: tuple[int, ...] = (8, 12, 16), classifier: bool = False) -> Path:
    """A random one of basic blocks, two a stage; with a classifier its names begin with `resnet.`"""
    from transformers import ResNetConfig, ResNetForImageClassification, ResNetModel

    torch.manual_seed(0)
    config = ResNetConfig(
        layer_type="basic", hidden_sizes=list(widths), depths=[2] * len(widths), embedding_size=widths[0]
    )
    network = ResNetForImageClassification(config) if classifier else ResNetModel(config)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):  # as after a training, so that they matter
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 2.0)
    network.save_pretrained(str(folder))
    return folder
