"""The whole pre-training, with few renders and seconds instead of hours."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open

from engine.data.tensors import save_tensors
from engine.diffusion.backbone.loading import load_folder
from engine.diffusion.pretraining import pretrain as pretraining
from engine.diffusion.pretraining import shards
from engine.diffusion.pretraining.latents import encode_shard, latents_path, read_latents
from engine.diffusion.pretraining.networks import build_autoencoder
from engine.diffusion.pretraining.pretrain import pretrain
from engine.errors import EngineError
from engine.protocol import FileWritten, PretrainJob, Progress, Started, Warned
from tests.engine.diffusion.tiny_backbones import build


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "GROUPS_IN_SHARD", 4)
    monkeypatch.setattr(pretraining, "_HELD_OUT_GROUPS", 2)
    monkeypatch.setattr(pretraining.os, "cpu_count", lambda: 1)


def render_here(folder: Path, count: int, first_seed: int, workers: int) -> object:
    """Without processes of its own, which would not see what the fixture sets."""
    for index in range(count):
        if not shards.shard_path(folder, index).exists():
            folder.mkdir(parents=True, exist_ok=True)
            shards.write_shard(folder, index, first_seed)
        yield index + 1


def test_pretraining_writes_a_backbone_and_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pretraining, "write_shards", render_here)
    job = PretrainJob(project=str(tmp_path), minutes=0.03, autoencoder_minutes=0.02, shards=2)
    events = list(pretrain(job))
    assert [e.title for e in events if isinstance(e, Started)][-1].startswith("Training the U-Net")
    assert any("dB" in e.message for e in events if isinstance(e, Warned))
    assert isinstance(events[-1], FileWritten)
    steps = [e.step for e in events if isinstance(e, Progress) and e.stage == "U-Net"]
    assert steps == list(range(1, len(steps) + 1))

    backbone = load_folder(tmp_path / "export", "trained")
    assert backbone.is_inpainting
    assert backbone.schedule.zero_snr
    assert backbone.manifest.needs_adaptation
    latents = backbone.encode(torch.zeros(1, 3, 128, 128)).mode
    assert latents.shape == (1, 4, 32, 32)
    with safe_open(tmp_path / "export" / "unet" / "diffusion_pytorch_model.safetensors", "pt") as file:
        assert {file.get_tensor(name).dtype for name in file.keys()} == {torch.float16}  # noqa: SIM118

    further = list(
        pretrain(PretrainJob(project=str(tmp_path), minutes=0.05, autoencoder_minutes=0.02, shards=2))
    )
    resumed = [e for e in further if isinstance(e, Started)][-1]
    assert resumed.resumed_from == steps[-1]
    assert not any(isinstance(e, Progress) and e.stage == "autoencoder" for e in further)


def test_a_new_run_begins_with_another_backbone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pretraining, "write_shards", render_here)
    first = tmp_path / "first"
    list(pretrain(PretrainJob(project=str(first), minutes=0.02, autoencoder_minutes=0.01, shards=1)))
    start = str(first / "export")
    job = PretrainJob(
        project=str(tmp_path / "next"), minutes=1e-6, autoencoder_minutes=0, shards=1, seed=7, start=start
    )
    list(pretrain(job))
    before, after = (load_folder(tmp_path / name / "export", name) for name in ("first", "next"))
    for name, weight in before.vae.state_dict().items():
        assert torch.equal(weight, after.vae.state_dict()[name])
    changed = [
        (weight - after.unet.state_dict()[name]).abs().max()
        for name, weight in before.unet.state_dict().items()
    ]
    assert max(changed) < 0.01
    assert before.vae.config.scaling_factor == after.vae.config.scaling_factor


def test_a_backbone_of_another_shape_is_no_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pretraining, "write_shards", render_here)
    start = str(build("sd1", tmp_path / "tiny"))
    job = PretrainJob(project=str(tmp_path / "run"), minutes=1, autoencoder_minutes=0, shards=1, start=start)
    with pytest.raises(EngineError, match="another shape"):
        list(pretrain(job))


def test_latents_keep_renders_masks_and_captions_together(tmp_path: Path):
    shards.write_shard(tmp_path, 0, 7)
    shard = shards.read_shard(tmp_path, 0)
    assert shard.images.shape == (12, 128, 128, 3)
    assert [caption.kind == "" for caption in shard.captions] == [True, False, False] * 4
    assert (shard.masks.sum((1, 2)) > 0).tolist() == [False, True, True] * 4
    torch.manual_seed(0)
    latents = encode_shard(build_autoencoder(), shard, seed=0)
    assert latents.z0.shape == latents.blanked.shape == (4, 3, 4, 32, 32)
    assert latents.masks[:, 0].sum() == 0
    for pair, siblings in enumerate(((0, 1), (0, 2), (1, 2))):
        for sibling in siblings:
            assert (latents.masks[:, sibling] <= latents.boxes[:, pair]).all()
    away = (latents.boxes[:, 0] == 0).expand(-1, 4, -1, -1)
    near = np.abs((latents.blanked[:, 0] - latents.z0[:, 0]).float().numpy())
    assert np.median(near[away.numpy()]) < 0.02


def test_a_shard_is_the_same_whenever_it_is_rendered(tmp_path: Path):
    for name in ("a", "b"):
        shards.write_shard(tmp_path / name, 1, 7)
    first, second = (shards.read_shard(tmp_path / name, 1) for name in ("a", "b"))
    assert (first.images == second.images).all()
    assert first.captions == second.captions


def test_shards_of_an_earlier_version_are_refused(tmp_path: Path):
    shards.write_shard(tmp_path, 0, 7)
    with np.load(shards.shard_path(tmp_path, 0)) as file:
        arrays = dict(file)
    for captions in (["wide crack on steel"] * 12, [["crack", "wide", "steel", ""]] * 12):
        np.savez(shards.shard_path(tmp_path, 0), **{**arrays, "captions": np.array(captions)})
        with pytest.raises(EngineError, match="earlier version"):
            shards.read_shard(tmp_path, 0)


def test_latents_of_an_earlier_version_are_refused(tmp_path: Path):
    captions = json.dumps([["crack", "wide", "steel", ""]])
    save_tensors(latents_path(tmp_path, 0), {"z0": torch.zeros(1)}, {"captions": captions})
    with pytest.raises(EngineError, match="earlier version"):
        read_latents(tmp_path, [0])


def test_latents_of_several_shards_are_read_as_one(tmp_path: Path):
    from engine.diffusion.pretraining.latents import write_latents

    for index in range(2):
        shards.write_shard(tmp_path / "renders", index, 7)
    torch.manual_seed(0)
    assert list(write_latents(build_autoencoder(), tmp_path / "renders", tmp_path / "latents", 2)) == [1, 2]
    latents = read_latents(tmp_path / "latents", range(2))
    assert len(latents) == 8
    assert len(latents.captions) == 24
