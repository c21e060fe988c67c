"""Keeping a step, importing and exporting an embedding, as jobs."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine import tasks
from engine.diffusion.embedding import AnomalyEmbedding
from engine.diffusion.keeping import kept_steps
from engine.diffusion.loaded import load_embedding
from engine.errors import EngineError
from engine.protocol import (
    EmbeddingWritten,
    Event,
    ExportEmbeddingJob,
    FileWritten,
    ImportEmbeddingJob,
    KeepStepJob,
)
from tests.engine.diffusion.ready_project import EMBEDDING, write_embedding
from tests.engine.diffusion.small_product import learn_job, write_product
from tests.engine.diffusion.tiny_backbones import WIDTH, build


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("embedded", tmp_path_factory.mktemp("backbone"))


@pytest.fixture
def project(tmp_path: Path, backbone: Path) -> Path:
    """A project with one embedding, and beside it a file of another program."""
    write_embedding(tmp_path / "P", backbone)
    save_file({"<theirs>": torch.ones(3, WIDTH)}, tmp_path / "their hole.safetensors")
    return tmp_path / "P"


def brought_in(project: Path, backbone: Path, **fields: Any) -> Event:
    file = project.parent / "their hole.safetensors"
    (event,) = tasks.run(
        ImportEmbeddingJob(
            project=str(project), file=str(file), anomaly="hole", backbone=str(backbone), **fields
        )
    )
    return event


def test_a_step_is_kept(tmp_path: Path, backbone: Path) -> None:
    learning = learn_job(write_product(tmp_path / "P"), backbone, steps=2, strip_every=1, adapt=False)
    last = next(event for event in tasks.run(learning) if isinstance(event, EmbeddingWritten))
    assert kept_steps(tmp_path / "P" / "runs" / last.name) == [1, 2]
    (event,) = tasks.run(KeepStepJob(project=learning.project, run=last.name, step=1))
    assert isinstance(event, EmbeddingWritten)
    assert (event.anomaly, event.name, event.steps) == ("crack", f"{last.name}-000001", 1)
    kept, ended = (AnomalyEmbedding.load(tmp_path / "P" / each.path).vectors for each in (event, last))
    assert not torch.equal(kept, ended)


def test_an_embedding_comes_in_under_the_name_of_its_file(project: Path, backbone: Path) -> None:
    event = brought_in(project, backbone)
    assert event == EmbeddingWritten(
        anomaly="hole",
        name="their_hole",
        path="embeddings/hole/their_hole.safetensors",
        backbone=str(backbone),
        steps=0,
    )
    loaded = load_embedding(project / event.path, project).embedding
    assert torch.equal(loaded.vectors, torch.ones(3, WIDTH))
    assert loaded.provenance.imported_from == "their hole.safetensors"
    assert loaded.provenance.created
    with pytest.raises(EngineError, match=r"There is an embedding embeddings/hole/their_hole\.safetensors"):
        brought_in(project, backbone)
    other = brought_in(project, backbone, name="again", token="<theirs>")
    assert isinstance(other, EmbeddingWritten)
    assert other.path == "embeddings/hole/again.safetensors"


def test_what_does_not_come_in_leaves_nothing(project: Path, backbone: Path) -> None:
    with pytest.raises(EngineError, match="holds no embedding “<ours>”"):
        brought_in(project, backbone, token="<ours>")
    (project.parent / "their hole.safetensors").unlink()
    with pytest.raises(EngineError, match="There is no file"):
        brought_in(project, backbone)
    assert not (project / "embeddings" / "hole").exists()


def test_an_embedding_goes_out(project: Path) -> None:
    out = project.parent / "crack.safetensors"
    (event,) = tasks.run(ExportEmbeddingJob(project=str(project), embedding=EMBEDDING, out=str(out)))
    assert isinstance(event, FileWritten)
    assert event.path == str(out)
    assert event.what.startswith("“<crack>” for ")
    assert torch.equal(load_file(out)["<crack>"], AnomalyEmbedding.load(project / EMBEDDING).vectors)
    job = ExportEmbeddingJob(project=str(project), embedding=EMBEDDING, out=str(out), token="<x>")
    list(tasks.run(job))
    assert list(load_file(out)) == ["<x>"]
    (project / EMBEDDING).unlink()
    with pytest.raises(EngineError, match="There is no embedding"):
        list(tasks.run(job))
