"""What *backbone list* and *check* say of how a backbone is adapted, and of one that was."""

import json
from pathlib import Path

from engine.diffusion.backbone import load_backbone, save_adapted
from engine.diffusion.backbone.trained_part import trained_part
from tests.conftest import Anogen
from tests.engine.diffusion.tiny_backbones import build


def test_an_adapter_is_told_with_its_rank_and_size(anogen: Anogen, tmp_path: Path) -> None:
    base = load_backbone(str(build("sd1", tmp_path / "base")))
    (tmp_path / "P").mkdir()
    save_adapted(tmp_path / "P", "mine", base, trained_part(base.unet, 4).tensors())
    plain = anogen("backbone", "check", tmp_path / "base").out
    assert "adaptation  where asked for: an adapter of rank 16\n" in plain
    assert "adapted " not in plain
    adapted = anogen("backbone", "check", "backbones/mine", "--project", "P").out
    assert f"adapted     from {tmp_path / 'base'}: an adapter of rank 4\n" in adapted
    assert "size        0.0 MB" in adapted
    (line,) = [line for line in anogen("backbone", "list", "P").out.splitlines() if "mine" in line]
    assert line.endswith(f", adapted from {tmp_path / 'base'}")
    events = anogen("backbone", "check", "backbones/mine", "--project", "P", "--json").out
    facts = json.loads(events.splitlines()[0])
    assert facts["adapter_rank"] == 4


def test_the_embedded_backbone_is_trained_whole(anogen: Anogen) -> None:
    assert "adaptation  needed: the whole U-Net\n" in anogen("backbone", "check", "embedded").out
