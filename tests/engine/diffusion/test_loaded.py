from pathlib import Path

import pytest
import torch

from engine.data.files import sha256_of
from engine.diffusion.loaded import LoadedEmbedding, load_embedding
from engine.errors import EngineError
from tests.engine.diffusion.ready_project import write_embedding
from tests.engine.diffusion.tiny_backbones import build


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("embedded", tmp_path_factory.mktemp("backbone"))


@pytest.fixture(scope="module")
def loaded(backbone: Path, tmp_path_factory: pytest.TempPathFactory) -> LoadedEmbedding:
    project = tmp_path_factory.mktemp("project")
    return load_embedding(write_embedding(project, backbone), project)


def test_embedding_and_backbone_come_together(loaded: LoadedEmbedding, backbone: Path) -> None:
    assert loaded.embedding.name == "first"
    assert loaded.backbone.reference == str(backbone)
    assert loaded.embedding.backbone_hash == loaded.backbone.hash
    assert not any(weight.requires_grad for weight in loaded.backbone.unet.parameters())
    assert torch.equal(loaded.null_context, loaded.backbone.context(""))


def test_the_hash_is_the_file_s(backbone: Path, tmp_path: Path) -> None:
    path = write_embedding(tmp_path, backbone)
    assert load_embedding(path, tmp_path).sha256 == sha256_of(path)


def test_an_unperturbed_context_is_the_embedding_s(loaded: LoadedEmbedding) -> None:
    expected = loaded.backbone.context("{}", loaded.embedding.vectors)
    assert torch.equal(loaded.context(0.0, 1), expected)
    assert loaded.context(0.0, 1) is loaded.context(0.0, 2)
    assert not loaded.context(0.0, 1).requires_grad


def test_a_seed_chooses_one_of_eight_perturbations(loaded: LoadedEmbedding) -> None:
    contexts = [loaded.context(0.2, seed) for seed in range(8)]
    assert len({context.numpy().tobytes() for context in contexts}) == 8
    assert loaded.context(0.2, 11) is contexts[3]
    assert not torch.equal(loaded.context(0.4, 3), contexts[3])
    assert not torch.equal(contexts[0], loaded.context(0.0, 0))


def test_an_embedding_of_another_backbone_is_refused(tmp_path: Path) -> None:
    folder = build("embedded", tmp_path / "backbone", seed=0)
    path = write_embedding(tmp_path, folder)
    weights = build("embedded", tmp_path / "other", seed=1) / "unet" / "diffusion_pytorch_model.safetensors"
    (folder / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(weights.read_bytes())
    with pytest.raises(EngineError, match="belongs to another version of"):
        load_embedding(path, tmp_path)


def test_a_backbone_that_is_gone_is_named(tmp_path: Path) -> None:
    folder = build("embedded", tmp_path / "backbone")
    path = write_embedding(tmp_path, folder)
    folder.rename(tmp_path / "moved")
    with pytest.raises(EngineError, match="There is no backbone"):
        load_embedding(path, tmp_path)
