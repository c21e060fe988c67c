"""What is found in a folder: which weights are used, and a hash over all that defines the model."""

import json
import shutil
from pathlib import Path

import pytest

from engine.diffusion.backbone.layout import TEXT_STEMS, UNET_STEMS, choose_weights, inspect
from tests.engine.diffusion.backbone.conftest import FolderOf
from tests.engine.diffusion.tiny_backbones import KINDS

SAFE, PICKLE = "diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin"
HALF_SAFE, HALF_PICKLE = "diffusion_pytorch_model.fp16.safetensors", "diffusion_pytorch_model.fp16.bin"
INDEX, HALF_INDEX = f"{SAFE}.index.json", f"{SAFE}.index.fp16.json"


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        ([], None),
        (["config.json", "other.safetensors"], None),
        ([PICKLE, SAFE, HALF_SAFE], (SAFE, None, True)),
        ([PICKLE, HALF_SAFE], (HALF_SAFE, "fp16", True)),
        ([HALF_PICKLE, PICKLE], (PICKLE, None, False)),
        ([INDEX, HALF_SAFE, PICKLE], (INDEX, None, True)),
        ([HALF_INDEX, PICKLE], (HALF_INDEX, "fp16", True)),
        (["diffusion_pytorch_model.non_ema.safetensors", HALF_PICKLE], (HALF_PICKLE, "fp16", False)),
    ],
)
def test_safe_weights_go_before_pickles_and_full_ones_before_half(
    names: list[str], chosen: tuple[str, str | None, bool] | None
) -> None:
    assert choose_weights(names, UNET_STEMS) == chosen


def test_text_encoders_have_two_names() -> None:
    assert choose_weights(["pytorch_model.bin"], TEXT_STEMS) == ("pytorch_model.bin", None, False)
    both = ["pytorch_model.bin", "model.safetensors"]
    assert choose_weights(both, TEXT_STEMS) == ("model.safetensors", None, True)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_whole(folder_of: FolderOf, kind: str) -> None:
    layout = inspect(folder_of(kind))
    assert layout.missing == ()
    assert layout.kind == ("ldm" if kind.startswith("ldm") else "sd")
    everything = {path for path in layout.folder.rglob("*") if path.is_file()}
    apart = {layout.folder / "model_index.json", layout.folder / "anogen.json"}
    assert set(layout.files()) == everything - apart
    assert layout.bytes() == sum(path.stat().st_size for path in layout.files())


def test_a_folder_without_an_index_is_known_by_its_pieces(copy_of: FolderOf) -> None:
    for kind, name in (("ldm", "ldm"), ("sd1", "sd")):
        folder = copy_of(kind)
        (folder / "model_index.json").unlink()
        assert (inspect(folder).kind, inspect(folder).missing) == (name, ())


def test_no_folder_at_all_lacks_everything(tmp_path: Path) -> None:
    assert len(inspect(tmp_path / "nowhere").missing) == 5


@pytest.mark.parametrize("text", ["", "[]", "null", '{"in_channels": [], "architectures": {}}', "\0"])
def test_looking_never_fails(copy_of: FolderOf, text: str) -> None:
    folder = copy_of("sd1")
    for path in folder.rglob("*.json"):
        path.write_text(text)
    assert inspect(folder).missing


def test_the_hash_knows_every_file_that_defines_the_model(copy_of: FolderOf) -> None:
    folder = copy_of("sd1")
    before = inspect(folder).hash()
    defining = [path for path in folder.rglob("*") if path.is_file() and path.parent != folder]
    assert len(defining) == 10  # three networks of two files, three of the vocabulary, the schedule
    for path in defining:
        content = path.read_bytes()
        path.write_bytes(content + b" ")
        assert inspect(folder).hash() != before, path
        path.write_bytes(content)
    assert inspect(folder).hash() == before


def test_the_hash_knows_nothing_else(copy_of: FolderOf) -> None:
    folder = copy_of("embedded")
    before = inspect(folder).hash()
    (folder / "anogen.json").write_text(json.dumps({"guidance": 1.0}))
    (folder / "README.md").write_text("hello")
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"not used beside safetensors")
    (folder / "model_index.json").unlink()
    assert inspect(folder).hash() == before
    assert inspect(Path(shutil.move(folder, folder.with_name("moved")))).hash() == before


def test_shards_are_files_of_the_model_and_stay_in_their_folder(copy_of: FolderOf) -> None:
    folder = copy_of("sd1")
    (folder / "unet" / SAFE).unlink()
    shards = {"a": "x-00001-of-00002.safetensors", "b": "../../x-00002-of-00002.safetensors"}
    (folder / "unet" / INDEX).write_text(json.dumps({"weight_map": shards}))
    assert inspect(folder).missing == tuple(f"unet/x-0000{n}-of-00002.safetensors" for n in (1, 2))
