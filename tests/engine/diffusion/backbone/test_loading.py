"""Loading a backbone: whole ones whatever their files are called, and a clear refusal for all others."""

import json
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.diffusion.backbone import load_backbone
from engine.errors import EngineError
from tests.engine.diffusion.backbone.conftest import BackboneOf, FolderOf

UNET = "unet/diffusion_pytorch_model.safetensors"
VAE = "vae/diffusion_pytorch_model.safetensors"
TEXT = "text_encoder/model.safetensors"
NETWORKS = [UNET, VAE, TEXT]


def refusal(folder: Path) -> EngineError:
    with pytest.raises(EngineError) as told:
        load_backbone(str(folder))
    return told.value


def change(path: Path, edit: Callable[[dict[str, Tensor]], dict[str, Tensor]]) -> None:
    """Write the tensors of a file anew, as `edit` has them."""
    save_file(
        {name: tensor.contiguous() for name, tensor in edit(load_file(path)).items()}, path, {"format": "pt"}
    )


def to_pickle(path: Path, extra: dict[str, Any] | None = None) -> Path:
    """Write a safetensors file as the pickle that older models have."""
    name = "pytorch_model.bin" if path.parent.name == "text_encoder" else f"{path.stem}.bin"
    torch.save({**load_file(path), **(extra or {})}, path.with_name(name))
    path.unlink()
    return path.with_name(name)


def edit_json(path: Path, **values: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


class Runs:
    """A pickled object that would make a file when it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self._path),)


def test_it_is_float32_frozen_and_called_what_it_was_asked_for(
    folder_of: FolderOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder_of("sd1").parent)
    backbone = load_backbone("sd1")
    assert backbone.reference == "sd1"
    assert backbone.device == torch.device("cpu")
    for network in (backbone.unet, backbone.vae, backbone.text_encoder):
        assert {weight.dtype for weight in network.parameters()} == {torch.float32}
        assert not any(weight.requires_grad for weight in network.parameters())
        assert not network.training


@pytest.mark.parametrize("kind", ["ldm", "embedded"])
def test_nothing_is_asked_of_the_network(
    folder_of: FolderOf, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: asked.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **_options: asked.append(arguments))
    load_backbone(str(folder_of(kind)))
    assert asked == []


def test_the_manifest_comes_with_it(backbone_of: BackboneOf) -> None:
    assert backbone_of("embedded").manifest.needs_adaptation
    assert backbone_of("embedded").manifest.guidance == 3.0
    assert not backbone_of("sd1").manifest.needs_adaptation
    assert backbone_of("sd1").manifest.guidance == 7.5
    assert backbone_of("ldm").manifest.guidance == 10.0


def test_the_hash_is_the_models_wherever_it_lies(backbone_of: BackboneOf, copy_of: FolderOf) -> None:
    assert load_backbone(str(copy_of("sd1"))).hash == backbone_of("sd1").hash
    assert backbone_of("sd2-v").hash != backbone_of("sd1").hash


# --- files by other names --------------------------------------------------------------------------------


def test_pickled_weights_are_read_as_tensors(backbone_of: BackboneOf, copy_of: FolderOf) -> None:
    folder = copy_of("sd1")
    for network in NETWORKS:
        to_pickle(folder / network)
    backbone = load_backbone(str(folder))
    with torch.no_grad():
        assert torch.equal(backbone.context("a crack"), backbone_of("sd1").context("a crack"))


@pytest.mark.parametrize("network", NETWORKS)
def test_a_pickle_that_would_run_code_is_refused_and_runs_nothing(
    copy_of: FolderOf, tmp_path: Path, network: str
) -> None:
    folder = copy_of("sd1")
    to_pickle(folder / network, {"more": Runs(tmp_path / "it-ran")})
    assert "are damaged" in refusal(folder).message
    assert not (tmp_path / "it-ran").exists()


def test_half_precision_is_loaded_as_single(copy_of: FolderOf, backbone_of: BackboneOf) -> None:
    folder = copy_of("sd1")
    for network in NETWORKS:
        path = folder / network
        change(path, lambda tensors: {name: tensor.half() for name, tensor in tensors.items()})
        path.rename(path.with_name(path.name.replace(".safetensors", ".fp16.safetensors")))
    backbone = load_backbone(str(folder))
    weight, original = (each.unet.conv_in.weight for each in (backbone, backbone_of("sd1")))
    assert torch.equal(weight, original.half().float())  # type: ignore[operator, union-attr]


def test_weights_in_shards_are_put_together(copy_of: FolderOf, backbone_of: BackboneOf) -> None:
    folder = copy_of("sd1")
    (folder / UNET).unlink()
    unet = backbone_of("sd1").unet
    assert isinstance(unet, UNet2DConditionModel)
    unet.save_pretrained(folder / "unet", max_shard_size="40KB")
    shards = list((folder / "unet").glob("*-of-*.safetensors"))
    assert len(shards) > 1
    loaded = load_backbone(str(folder)).unet.state_dict()
    assert all(torch.equal(loaded[name], tensor) for name, tensor in unet.state_dict().items())
    shards[0].unlink()
    assert f"unet/{shards[0].name}" in refusal(folder).message


def test_a_text_encoder_of_an_older_library_is_loaded(copy_of: FolderOf, backbone_of: BackboneOf) -> None:
    folder = copy_of("sd1")
    prefix, positions = "text_model.", {"text_model.embeddings.position_ids": torch.arange(77)[None]}
    change(
        folder / TEXT,
        lambda tensors: (
            {prefix + name.removeprefix(prefix): each for name, each in tensors.items()} | positions
        ),
    )
    with torch.no_grad():
        assert torch.equal(load_backbone(str(folder)).context("a"), backbone_of("sd1").context("a"))


# --- what is missing -------------------------------------------------------------------------------------


def test_a_folder_of_something_else_is_refused_with_all_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"x")
    message = refusal(tmp_path).message
    pieces = ("unet/", "vae/", "text_encoder/", "tokenizer/", "scheduler/scheduler_config.json")
    assert all(piece in message for piece in pieces)
    assert str(tmp_path) in message


@pytest.mark.parametrize(
    ("kind", "gone", "told"),
    [
        ("ldm", "bert", "bert/"),
        ("ldm", "vqvae", "vqvae/"),
        ("ldm", "bert/model.safetensors", "bert/model.safetensors"),
        ("sd1", UNET, UNET),
        ("sd1", "unet/config.json", "unet/config.json"),
        ("sd1", "vae", "vae/"),
        ("sd1", "tokenizer/merges.txt", "tokenizer/ (tokenizer.json"),
        ("sd1", "scheduler", "scheduler/scheduler_config.json"),
    ],
)
def test_half_a_backbone_is_refused_with_what_is_missing(
    copy_of: FolderOf, kind: str, gone: str, told: str
) -> None:
    folder = copy_of(kind)
    path = folder / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    message = refusal(folder).message
    assert message.endswith(f"missing in {folder}: {told}." if "(" not in told else "or vocab.txt).")
    assert told in message


def test_several_missing_things_are_told_at_once(copy_of: FolderOf) -> None:
    folder = copy_of("sd1")
    (folder / UNET).unlink()
    shutil.rmtree(folder / "scheduler")
    (folder / VAE).write_bytes(b"")
    error = refusal(folder)
    assert error.message.endswith(f"{UNET}, {VAE} (empty), scheduler/scheduler_config.json.")
    assert "anogen backbone check" in error.hint


def test_a_file_that_was_cut_off_is_told(copy_of: FolderOf) -> None:
    folder = copy_of("sd1")
    content = (folder / UNET).read_bytes()
    (folder / UNET).write_bytes(content[:-100])
    assert f"{UNET} (cut off or damaged)" in refusal(folder).message


def test_text_in_place_of_a_configuration_is_told(copy_of: FolderOf) -> None:
    folder = copy_of("sd1")
    (folder / "unet" / "config.json").write_text("<html>")
    assert "unet/config.json (not readable)" in refusal(folder).message


# --- what is there and wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("damage", ["shape", "missing", "other"])
def test_weights_that_do_not_belong_to_the_configuration_are_refused(
    copy_of: FolderOf, network: str, damage: str
) -> None:
    def edit(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        name = sorted(tensors)[3]
        if damage == "other":
            return {"other": torch.zeros(2)}
        kept = {key: tensor for key, tensor in tensors.items() if key != name}
        return kept if damage == "missing" else {**kept, name: tensors[name][:1].clone()}

    folder = copy_of("sd1")
    change(folder / network, edit)
    error = refusal(folder)
    place = (folder / network).parent
    assert error.message == f"The weights in {place} are damaged, or do not belong to its config.json."
    assert "Download" in error.hint


def test_a_pickle_that_was_cut_off_is_refused(copy_of: FolderOf) -> None:
    folder = copy_of("sd1")
    path = to_pickle(folder / UNET)
    path.write_bytes(path.read_bytes()[:-3000])
    assert f"The weights in {path.parent} are damaged" in refusal(folder).message


@pytest.mark.parametrize(
    ("piece", "key", "value"),
    [
        ("unet", "block_out_channels", "wide"),
        ("unet", "layers_per_block", None),
        ("vae", "norm_num_groups", 0),
        ("text_encoder", "hidden_size", "wide"),
        ("text_encoder", "num_attention_heads", 3),
    ],
)
def test_a_configuration_that_makes_no_network_is_refused(
    copy_of: FolderOf, piece: str, key: str, value: object
) -> None:
    folder = copy_of("sd1")
    edit_json(folder / piece / "config.json", **{key: value})
    assert f"The weights in {folder / piece} are damaged" in refusal(folder).message


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("sd1", "vocab.json", "{]"),
        ("embedded", "tokenizer.json", "[]"),
    ],
)
def test_a_damaged_vocabulary_is_refused(copy_of: FolderOf, kind: str, name: str, text: str) -> None:
    folder = copy_of(kind)
    (folder / "tokenizer" / name).write_text(text)
    assert refusal(folder).message == f"The vocabulary in {folder / 'tokenizer'} is damaged."


def test_a_schedule_that_is_not_known_is_refused_by_its_file(copy_of: FolderOf) -> None:
    folder = copy_of("sd1")
    path = folder / "scheduler" / "scheduler_config.json"
    edit_json(path, beta_schedule="sigmoid")
    assert refusal(folder).message == f"{path}: the noise schedule “sigmoid” is not supported."


@pytest.mark.parametrize(
    ("piece", "values", "told"),
    [
        ("unet", {"in_channels": 8}, "a U-Net of 4 or 9 input channels"),
        ("unet", {"in_channels": "four"}, "a U-Net of 4 or 9 input channels"),
        ("unet", {"_class_name": "UNet3DConditionModel"}, "(unet/ is a UNet3DConditionModel)"),
        ("unet", {"addition_embed_type": "text_time"}, "Stable Diffusion XL is not supported"),
        ("unet", {"cross_attention_dim": 768}, "a text encoder of width 768, as the U-Net wants (found 8)"),
        ("vae", {"_class_name": "AutoencoderTiny"}, "(vae/ is a AutoencoderTiny)"),
        ("vae", {"latent_channels": 16}, "a U-Net of 16 or 33 input channels"),
        ("text_encoder", {"architectures": ["T5EncoderModel"]}, "(found T5EncoderModel)"),
    ],
)
def test_a_whole_model_of_another_kind_is_refused(
    copy_of: FolderOf, piece: str, values: dict[str, Any], told: str
) -> None:
    folder = copy_of("sd1")
    edit_json(folder / piece / "config.json", **values)
    assert told in refusal(folder).message


def test_want_of_memory_is_not_taken_for_damage(folder_of: FolderOf, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("[enforce fail at alloc_cpu.cpp:115] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(UNet2DConditionModel, "from_pretrained", fail)
    with pytest.raises(RuntimeError, match="can't allocate memory"):
        load_backbone(str(folder_of("sd1")))
