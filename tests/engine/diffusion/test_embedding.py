"""An anomaly embedding is saved with where it came from, and only goes with its own backbone."""

import errno
import itertools
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from engine.data import files
from engine.diffusion.backbone import load_backbone
from engine.diffusion.embedding import AnomalyEmbedding, Provenance, SupportRecord, thinned
from engine.errors import EngineError
from engine.geometry import DEFAULT_BOX_RANGE, BoxRange
from engine.project.embeddings import get_box_range
from engine.project.records import read_embedding_record
from engine.project.rows import EmbeddingRow
from tests.engine.diffusion.tiny_backbones import WIDTH, build

PROVENANCE = Provenance(
    steps=12,
    losses=[(0, 1.5), (5, 0.75), (10, 0.5)],
    supports=[SupportRecord(name="001", sha256="a" * 64, mask_sha256="b" * 64)],
    settings={"learning_rate": 0.02, "adapt": None, "word": "défaut"},
    created="2025-01-01T00:00:00+00:00",
    box_range=BoxRange(width=(0.1, 0.3), height=(0.05, 0.2), angle_deg=(-20.0, 45.0)),
)


def embedding(**changes: Any) -> AnomalyEmbedding:
    facts: dict[str, Any] = {
        "vectors": torch.arange(6.0).reshape(2, 3) / 7,
        "anomaly": "crack",
        "name": "crack-1",
        "backbone": "embedded",
        "backbone_hash": "c" * 64,
        "provenance": PROVENANCE,
    }
    return AnomalyEmbedding(**{**facts, **changes})


def refusal(path: Path) -> EngineError:
    with pytest.raises(EngineError) as told:
        AnomalyEmbedding.load(path)
    return told.value


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "embeddings" / "crack" / "crack-1.safetensors"
    embedding().save(path)
    return path


def test_what_is_saved_is_loaded(saved: Path) -> None:
    loaded = AnomalyEmbedding.load(saved)
    assert torch.equal(loaded.vectors, embedding().vectors)
    assert loaded.provenance == PROVENANCE
    assert (loaded.anomaly, loaded.name) == ("crack", "crack-1")
    assert (loaded.backbone, loaded.backbone_hash) == ("embedded", "c" * 64)


def test_the_catalogue_reads_the_same_without_torch(saved: Path) -> None:
    record = read_embedding_record(saved)
    assert record is not None
    assert (record.anomaly, record.name, record.backbone) == ("crack", "crack-1", "embedded")
    assert record.provenance.steps == 12
    assert [(each.name, each.sha256) for each in record.provenance.supports] == [("001", "a" * 64)]


def test_the_window_reads_how_boxes_are_without_torch(saved: Path) -> None:
    row = EmbeddingRow(
        id=1, name="", anomaly="crack", path=saved.name, backbone="", steps=0, created="", is_missing=False
    )
    assert get_box_range(saved.parent, row) == PROVENANCE.box_range
    embedding(provenance=Provenance()).save(saved)
    assert get_box_range(saved.parent, row) == DEFAULT_BOX_RANGE


def test_the_same_embedding_is_the_same_bytes(saved: Path, tmp_path: Path) -> None:
    embedding().save(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == saved.read_bytes()


def test_vectors_are_kept_apart_from_what_they_were_learned_in() -> None:
    learned = torch.zeros(1, 3, dtype=torch.float64, requires_grad=True)
    kept = embedding(vectors=learned)
    assert kept.vectors.dtype == torch.float32
    assert not kept.vectors.requires_grad
    assert embedding(vectors=torch.zeros(3, 2).T).vectors.is_contiguous()


@pytest.mark.parametrize("shape", [(3,), (1, 2, 3), (0, 3), (2, 0)])
def test_vectors_are_rows(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"must be \(K, D\)"):
        embedding(vectors=torch.zeros(shape))


def test_long_courses_of_the_loss_are_thinned(tmp_path: Path) -> None:
    losses = [(step, 1.0 / step) for step in range(1, 6101)]
    embedding(provenance=Provenance(losses=losses)).save(tmp_path / "e.safetensors")
    kept = AnomalyEmbedding.load(tmp_path / "e.safetensors").provenance.losses
    assert len(kept) == 200
    assert (kept[0], kept[-1]) == (losses[0], losses[-1])
    assert [step for step, _ in kept] == sorted({step for step, _ in kept})
    gaps = {after[0] - before[0] for before, after in itertools.pairwise(kept)}
    assert gaps <= {30, 31}


@pytest.mark.parametrize("count", [0, 1, 2, 199, 200, 201])
def test_short_ones_are_kept_whole(count: int) -> None:
    losses = [(step, 0.0) for step in range(count)]
    assert thinned(losses) == (losses if count <= 200 else [*losses[:100], *losses[101:]])


def test_a_full_disk_leaves_the_old_one(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved.read_bytes()

    def run_out_of_space(_path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "_flush", run_out_of_space)
    with pytest.raises(EngineError, match="The disk is full"):
        embedding().save(saved)
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


# --- damaged files ---------------------------------------------------------------------------------------


def write(path: Path, vectors: torch.Tensor, name: str = "vectors", **changes: Any) -> Path:
    """A file like an embedding's, with other vectors or metadata."""
    record = {
        "version": 1,
        "anomaly": "crack",
        "name": "e",
        "backbone": "b",
        "backbone_hash": "h",
        "provenance": {},
    }
    save_file({name: vectors}, path, {"anogen": json.dumps({**record, **changes})})
    return path


def test_a_file_with_as_little_as_that_is_loaded(tmp_path: Path) -> None:
    loaded = AnomalyEmbedding.load(write(tmp_path / "e.safetensors", torch.ones(1, 3)))
    assert loaded.provenance == Provenance()


@pytest.mark.parametrize(
    ("vectors", "told"),
    [
        (torch.zeros(3), "its tensor is 3, float32"),
        (torch.zeros(2, 3, 4), "its tensor is 2 × 3 × 4, float32"),
        (torch.zeros(()), "its tensor is a single number, float32"),
        (torch.zeros(0, 3), "its tensor is 0 × 3, float32"),
        (torch.zeros(2, 3, dtype=torch.float16), "its tensor is 2 × 3, float16"),
        (torch.zeros(2, 3, dtype=torch.int64), "its tensor is 2 × 3, int64"),
        (torch.full((1, 3), torch.nan), "holds numbers that are not finite"),
    ],
)
def test_a_tensor_of_a_wrong_shape_or_kind_is_told(tmp_path: Path, vectors: torch.Tensor, told: str) -> None:
    path = write(tmp_path / "e.safetensors", vectors)
    error = refusal(path)
    assert told in error.message
    assert str(path) in error.message
    assert "Learn the anomaly again" in error.hint


@pytest.mark.parametrize(
    "changes", [{"version": "new"}, {"anomaly": None}, {"provenance": {"steps": "many"}}, {"provenance": []}]
)
def test_damaged_metadata_is_told(tmp_path: Path, changes: dict[str, Any]) -> None:
    path = write(tmp_path / "e.safetensors", torch.zeros(1, 3), **changes)
    assert refusal(path).message == f"{path} is not an anomaly embedding of this program."


def test_a_file_of_another_program_is_pointed_to_the_import(tmp_path: Path) -> None:
    for name, tensors, metadata in (
        ("a.safetensors", {"emb_params": torch.zeros(1, 3)}, None),
        ("b.safetensors", {"vectors": torch.zeros(1, 3)}, None),
        ("c.safetensors", {"vectors": torch.zeros(1, 3)}, {"anogen": "<html>"}),
    ):
        save_file(tensors, tmp_path / name, metadata)
        assert "anogen embedding import" in refusal(tmp_path / name).hint


def test_a_newer_version_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "e.safetensors", torch.zeros(1, 3), version=2, more=True)
    assert refusal(path).hint == "Update the program."


def test_every_way_to_cut_a_file_is_told(saved: Path) -> None:
    content = saved.read_bytes()
    for length in (0, 1, 8, 50, len(content) // 2, len(content) - 1):
        saved.write_bytes(content[:length])
        assert refusal(saved).message == f"{saved} is damaged or not a safetensors file."


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.safetensors").message.startswith("There is no embedding ")
    assert refusal(tmp_path).message.startswith("There is no embedding ")


# --- its backbone ----------------------------------------------------------------------------------------


def test_it_goes_with_its_own_backbone_whatever_that_is_called(tmp_path: Path) -> None:
    backbone = load_backbone(str(build("embedded", tmp_path / "a")))
    facts = {"backbone": "elsewhere", "backbone_hash": backbone.hash}
    embedding(vectors=torch.ones(2, WIDTH), **facts).require_backbone(backbone)
    with pytest.raises(EngineError, match="its vectors have 3 numbers, those of its backbone"):
        embedding(**facts).require_backbone(backbone)


def test_with_another_backbone_it_is_refused(tmp_path: Path) -> None:
    backbone = load_backbone(str(build("embedded", tmp_path / "a")))
    other = load_backbone(str(build("embedded", tmp_path / "b", seed=1)))
    own = embedding(backbone=backbone.reference, backbone_hash=backbone.hash)
    with pytest.raises(EngineError) as told:
        own.require_backbone(other)
    assert told.value.message == (
        f"The embedding “crack-1” belongs to the backbone “{tmp_path / 'a'}” ({backbone.hash[:12]}), "
        f"not to “{tmp_path / 'b'}” ({other.hash[:12]})."
    )
    assert "learn the anomaly on this one" in told.value.hint


def test_with_another_version_of_its_backbone_it_is_refused() -> None:
    newer: Any = SimpleNamespace(reference="embedded", hash="d" * 64)
    with pytest.raises(EngineError, match="belongs to another version of the backbone “embedded”"):
        embedding().require_backbone(newer)


def test_a_file_holds_nothing_but_vectors_and_metadata(saved: Path) -> None:
    with safe_open(saved, "pt") as file:
        assert list(file.keys()) == ["vectors"]
        assert list(file.metadata()) == ["anogen"]
