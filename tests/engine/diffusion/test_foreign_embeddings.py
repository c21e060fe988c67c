"""Embeddings of AnoGen, diffusers and A1111 come in, and go out in the form that diffusers reads."""

import os
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import StableDiffusionPipeline
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from engine.diffusion.backbone import load_backbone
from engine.diffusion.backbone.catalogue import Report, check_backbone
from engine.diffusion.backbone.manifest import Manifest
from engine.diffusion.embedding import AnomalyEmbedding
from engine.diffusion.foreign_embeddings import export_embedding, import_embedding, read_foreign
from engine.errors import EngineError
from tests.engine.diffusion.tiny_backbones import WIDTH, build

DATA = Path(os.environ.get("ANOGEN_DATA", Path(__file__).parents[4] / "shared" / "data"))
ANOGENS = sorted((DATA / "embeddings" / "anogen").glob("*.pt"))
WIDE = 1280


def vectors(count: int = 2, width: int = WIDTH, seed: int = 0) -> Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed))


def report(token_dim: int = WIDTH, missing: tuple[str, ...] = ()) -> Report:
    return Report("some/backbone", Path(), "ldm", missing, 1, "h" * 64, Manifest(), token_dim=token_dim)


def write_anogen(path: Path, learned: Tensor, is_legacy: bool = False) -> Path:
    """AnoGen's own form: token ids beside a ParameterDict."""
    content = {
        "string_to_token": {"*": torch.tensor(1008)},
        "string_to_param": nn.ParameterDict({"*": nn.Parameter(learned)}),
    }
    torch.save(content, path, _use_new_zipfile_serialization=not is_legacy)
    return path


def write_a1111(path: Path, learned: Tensor) -> Path:
    content = {
        "string_to_token": {"*": 265},
        "string_to_param": {"*": learned},
        "name": "crack",
        "step": 499,
        "sd_checkpoint": "abc",
        "sd_checkpoint_name": None,
    }
    torch.save(content, path)
    return path


def refusal(path: Path, backbone: Report | None = None, **options: Any) -> EngineError:
    with pytest.raises(EngineError) as told:
        import_embedding(path, backbone or report(), "crack", "e", **options)
    return told.value


# --- what comes in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_legacy", [False, True])
def test_anogens_embeddings_come_in(tmp_path: Path, is_legacy: bool) -> None:
    learned = vectors(1, WIDE)
    path = write_anogen(tmp_path / "embeddings.pt", learned, is_legacy)
    imported = import_embedding(path, report(WIDE), "crack", "theirs", created="2025-01-01")
    assert torch.equal(imported.vectors, learned)
    assert (imported.anomaly, imported.name) == ("crack", "theirs")
    assert (imported.backbone, imported.backbone_hash) == ("some/backbone", "h" * 64)
    assert imported.provenance.imported_from == "embeddings.pt"
    assert imported.provenance.created == "2025-01-01"
    imported.save(tmp_path / "own.safetensors")
    assert torch.equal(AnomalyEmbedding.load(tmp_path / "own.safetensors").vectors, learned)


@pytest.mark.real_photos
@pytest.mark.skipif(not ANOGENS, reason="AnoGen's released embeddings are not here")
@pytest.mark.parametrize("path", ANOGENS, ids=lambda path: path.stem)
def test_anogens_released_embeddings_come_in(path: Path) -> None:
    imported = import_embedding(path, report(WIDE), "crack", "theirs")
    reference = torch.load(path, map_location="cpu", weights_only=False)["string_to_param"]["*"]
    assert imported.vectors.shape == (1, WIDE)
    assert torch.equal(imported.vectors, reference.detach())


@pytest.mark.parametrize("name", ["a.pt", "a.bin", "A.PT", "a.safetensors"])
@pytest.mark.parametrize("count", [1, 3])
def test_files_of_every_form_come_in(tmp_path: Path, name: str, count: int) -> None:
    learned, path = vectors(count), tmp_path / name
    written = path.suffix.lower()
    if written == ".pt":
        write_a1111(path, learned)
    elif written == ".bin":
        torch.save({"<crack>": learned}, path)
    else:
        save_file({"emb_params": learned}, path)
    assert torch.equal(import_embedding(path, report(), "crack", "e").vectors, learned)


def test_a_single_vector_may_come_without_its_row(tmp_path: Path) -> None:
    torch.save({"<crack>": vectors(1)[0]}, tmp_path / "learned_embeds.bin")
    assert torch.equal(read_foreign(tmp_path / "learned_embeds.bin")["<crack>"], vectors(1))


def test_half_precision_becomes_single(tmp_path: Path) -> None:
    save_file({"<crack>": vectors().half()}, tmp_path / "a.safetensors")
    read = read_foreign(tmp_path / "a.safetensors")["<crack>"]
    assert read.dtype == torch.float32
    assert torch.equal(read, vectors().half().float())


def test_of_several_embeddings_one_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"<crack>": vectors(seed=1), "<hole>": vectors(seed=2)}, path)
    assert torch.equal(import_embedding(path, report(), "hole", "e", token="<hole>").vectors, vectors(seed=2))
    error = refusal(path)
    assert error.message == f"{path} holds several embeddings: “<crack>”, “<hole>”."
    assert "--token" in error.hint
    assert refusal(path, token="<dent>").message == f"{path} holds no embedding “<dent>”."


# --- what does not ---------------------------------------------------------------------------------------


def test_a_pickle_that_would_run_code_is_refused_and_runs_nothing(tmp_path: Path) -> None:
    class Runs:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "it-ran"),)

    torch.save({"string_to_param": {"*": vectors()}, "more": Runs()}, tmp_path / "a.pt")
    error = refusal(tmp_path / "a.pt")
    assert "might run a program" in error.message
    assert "safetensors" in error.hint
    assert not (tmp_path / "it-ran").exists()


def test_a_backbone_of_another_width_is_refused(tmp_path: Path) -> None:
    path = write_anogen(tmp_path / "embeddings.pt", vectors(1, WIDE))
    error = refusal(path, report(768))
    assert error.message == (
        f"{path} holds vectors of 1280 numbers, but those of the backbone “some/backbone” have 768."
    )


def test_half_a_backbone_is_refused(tmp_path: Path) -> None:
    path = write_a1111(tmp_path / "a.pt", vectors())
    assert refusal(path, report(missing=("vae/",))).message.endswith("is not whole; missing: vae/.")


@pytest.mark.parametrize(
    ("tensors", "told"),
    [
        ({"conv.weight": torch.zeros(4, 3, 3, 3)}, "one of its tensors is 4 × 3 × 3 × 3"),
        ({"a": torch.zeros(500, 8)}, "one of its tensors is 500 × 8"),
        ({"a": torch.zeros(2, 8, dtype=torch.int64)}, "one of its tensors is 2 × 8"),
        ({"a": torch.zeros(0, 8)}, "one of its tensors is 0 × 8"),
        ({"a": torch.full((1, 8), torch.inf)}, "not finite"),
        ({"clip_l": torch.zeros(1, 8), "clip_g": torch.zeros(1, 12)}, "Stable Diffusion XL"),
        ({}, "holds no embedding"),
    ],
)
@pytest.mark.parametrize("name", ["a.safetensors", "a.bin"])
def test_what_is_no_embedding_is_told(
    tmp_path: Path, tensors: dict[str, Tensor], told: str, name: str
) -> None:
    path = tmp_path / name
    save_file(tensors, path) if name.endswith("safetensors") else torch.save(tensors, path)
    error = refusal(path)
    assert told in error.message
    assert str(path) in error.message


@pytest.mark.parametrize(
    "thing", [[], "text", None, {"string_to_param": None}, {"string_to_param": [1]}, {1: 2}]
)
def test_a_file_without_tensors_is_told(tmp_path: Path, thing: Any) -> None:
    torch.save(thing, tmp_path / "a.pt")
    assert refusal(tmp_path / "a.pt").message == f"{tmp_path / 'a.pt'} holds no embedding."


@pytest.mark.parametrize("name", ["a.safetensors", "a.pt", "a.png"])
@pytest.mark.parametrize("content", [b"", b"not an embedding at all"])
def test_a_damaged_file_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / name).message.startswith(f"{tmp_path / name} is damaged")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.pt").message == f"There is no file {tmp_path / 'none.pt'}."


# --- what goes out ---------------------------------------------------------------------------------------


def own(learned: Tensor, **changes: str) -> AnomalyEmbedding:
    facts: dict[str, Any] = {"anomaly": "crack", "name": "e", "backbone": "b", "backbone_hash": "h"}
    return AnomalyEmbedding(learned, **{**facts, **changes})


def test_what_goes_out_comes_in_again(tmp_path: Path) -> None:
    path = tmp_path / "out" / "crack.safetensors"
    assert export_embedding(own(vectors(3)), path) == "<crack>"
    assert list(load_file(path)) == ["<crack>"]
    assert torch.equal(import_embedding(path, report(), "crack", "e").vectors, vectors(3))


def test_the_token_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "crack.safetensors"
    assert export_embedding(own(vectors()), path, "<my-crack>") == "<my-crack>"
    assert list(read_foreign(path)) == ["<my-crack>"]


@pytest.mark.parametrize("count", [1, 3])
def test_diffusers_means_the_same_by_it(tmp_path: Path, count: int) -> None:
    folder = build("sd1", tmp_path / "backbone")
    backbone, checked = load_backbone(str(folder)), check_backbone(str(folder))
    embedding = own(vectors(count), backbone=checked.reference, backbone_hash=checked.hash)
    token = export_embedding(embedding, tmp_path / "crack.safetensors")
    pipeline = StableDiffusionPipeline.from_pretrained(
        folder, safety_checker=None, feature_extractor=None, requires_safety_checker=False
    )
    pipeline.load_textual_inversion(tmp_path / "crack.safetensors")
    expected, _ = pipeline.encode_prompt(f"a photo of a {token}", "cpu", 1, do_classifier_free_guidance=False)
    with torch.no_grad():
        torch.testing.assert_close(backbone.context("a photo of a {}", embedding.vectors), expected)
