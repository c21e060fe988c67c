from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from engine.cli import main
from engine.data.run_files import write_job
from engine.diffusion import keeping, learning
from engine.diffusion.backbone import load_backbone
from engine.diffusion.embedding import AnomalyEmbedding
from engine.diffusion.keeping import find_learned, keep_step, kept_steps, save_learned, write_step
from engine.diffusion.learning_run import ADAPTATION_STEPS, Learner, Run, plan_run
from engine.diffusion.loaded import load_embedding
from engine.errors import EngineError
from engine.project import Project
from engine.protocol import EmbeddingWritten, LearnSettings
from tests.engine.diffusion.small_product import learn_job, returned, write_product
from tests.engine.diffusion.tiny_backbones import build

Begin = Callable[..., tuple[Run, Learner]]


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("embedded", tmp_path_factory.mktemp("backbone"))


@pytest.fixture
def begin(tmp_path: Path, backbone: Path, monkeypatch: pytest.MonkeyPatch) -> Begin:
    """A run and its learner, after two steps and one evaluation."""
    monkeypatch.setattr(learning, "_ANOMALY_VIEWS", 4)
    monkeypatch.setattr(learning, "_NORMAL_VIEWS", 4)

    def start(adapt: bool, folder: Path = backbone) -> tuple[Run, Learner]:
        job = learn_job(write_product(tmp_path / "P"), folder, batch_size=2, adapt=adapt, steps=9)
        run = plan_run(job)
        write_job(run.folder, job)
        learner = returned(learning._prepare(run))
        for _ in range(2):
            learner.advance()
        run.progress.evaluations.append((learner.step, 0.25))
        return run, learner

    return start


def load(run: Run, written: EmbeddingWritten) -> AnomalyEmbedding:
    return AnomalyEmbedding.load(run.project / written.path)


# --- the embedding of a run ----------------------------------------------------------------------------


def test_an_embedding_says_where_it_comes_from(begin: Begin, backbone: Path) -> None:
    run, learner = begin(adapt=False)
    written = save_learned(run, learner)
    assert written == EmbeddingWritten(
        anomaly="crack",
        name=run.name,
        path=f"embeddings/crack/{run.name}.safetensors",
        backbone=str(backbone),
        steps=2,
    )
    embedding = load(run, written)
    assert torch.equal(embedding.vectors, learner.vectors.detach())
    assert embedding.backbone_hash == load_backbone(str(backbone)).hash
    provenance = embedding.provenance
    assert provenance.steps == 2
    assert provenance.losses == [(2, 0.25)]
    assert provenance.supports == run.records
    assert provenance.box_range == run.box_range
    assert provenance.settings["batch_size"] == 2
    assert provenance.settings["adapt"] is False
    assert provenance.created.endswith("+00:00")
    assert not (run.project / "backbones").exists()


def test_an_adapted_embedding_belongs_to_the_adapted_backbone(begin: Begin, backbone: Path) -> None:
    run, learner = begin(adapt=True)
    written = save_learned(run, learner)
    assert written.backbone == f"backbones/{run.name}"
    loaded = load_embedding(run.project / written.path, run.project)  # raises if they do not belong together
    base, ours, theirs = (
        network.state_dict()
        for network in (load_backbone(str(backbone)).unet, run.backbone.unet, loaded.backbone.unet)
    )
    assert all(torch.equal(theirs[name], ours[name].half().float()) for name in ours)
    assert any(not torch.equal(theirs[name], base[name]) for name in base)


@pytest.mark.parametrize("adapt", [True, False])
def test_what_is_learned_is_found_again(begin: Begin, adapt: bool) -> None:
    run, learner = begin(adapt=adapt)
    assert find_learned(run) is None
    written = save_learned(run, learner)
    assert find_learned(run) == written


def test_an_embedding_that_cannot_be_used_counts_as_not_learned(begin: Begin) -> None:
    run, learner = begin(adapt=True)
    written = save_learned(run, learner)
    weights = run.project / written.backbone / "unet/diffusion_pytorch_model.safetensors"
    whole = weights.read_bytes()
    learner.advance()
    keeping.save_adapted(run.project, run.name, run.backbone, run.backbone.unet.state_dict())
    assert find_learned(run) is None, "the U-Net is another one"
    weights.write_bytes(whole)
    assert find_learned(run) == written
    (run.project / written.path).write_bytes(b"damaged")
    assert find_learned(run) is None


# --- steps ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adapt", [True, False])
def test_a_step_can_be_kept_when_the_run_has_gone_on(begin: Begin, adapt: bool) -> None:
    run, learner = begin(adapt=adapt)
    write_step(run, learner)
    vectors = learner.vectors.detach().clone()
    unet = {name: tensor.clone() for name, tensor in run.backbone.unet.state_dict().items()}
    for _ in range(2):
        learner.advance()
    run.progress.evaluations.append((4, 0.2))

    written = keep_step(run.project, run.name, 2)
    assert (written.name, written.steps) == (f"{run.name}-000002", 2)
    embedding = load(run, written)
    assert torch.equal(embedding.vectors, vectors)
    assert embedding.provenance.losses == [(2, 0.25)]
    assert embedding.provenance.supports == run.records
    loaded = load_embedding(run.project / written.path, run.project)
    for name, tensor in loaded.backbone.unet.state_dict().items():
        assert torch.equal(tensor, unet[name].half().float() if adapt else unet[name])
    assert written.backbone == (f"backbones/{run.name}-000002" if adapt else run.settings.backbone)

    file = run.project / written.path
    time = file.stat().st_mtime_ns
    assert keep_step(run.project, run.name, 2) == written
    assert file.stat().st_mtime_ns == time, "kept once"


def test_a_kept_step_of_an_adapted_backbone_is_half_as_large(begin: Begin) -> None:
    run, learner = begin(adapt=True)
    write_step(run, learner)
    tensors = load_file(keeping.step_path(run.folder, 2))
    assert {str(tensor.dtype) for name, tensor in tensors.items() if name != "vectors"} == {"torch.float16"}
    assert tensors["vectors"].dtype == torch.float32


def test_twelve_steps_of_an_adapted_backbone_stay_evenly_spread(begin: Begin) -> None:
    run, learner = begin(adapt=True)
    for step in (25, *range(50, 1001, 50)):
        learner.step = step
        write_step(run, learner)
        assert kept_steps(run.folder)[-1] == step, "the newest stays"
    steps = kept_steps(run.folder)
    assert len(steps) == 12
    gaps = [after - before for before, after in zip([0, *steps], steps, strict=False)]
    assert max(gaps) <= 200


def test_every_column_of_the_strip_can_be_kept_with_the_default_settings(begin: Begin) -> None:
    run, learner = begin(adapt=True)
    columns = [25, *range(LearnSettings().strip_every, ADAPTATION_STEPS + 1, LearnSettings().strip_every)]
    for step in columns:
        learner.step = step
        write_step(run, learner)
    assert kept_steps(run.folder) == columns


def test_fewer_steps_stay_where_they_are_very_large(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    run, learner = begin(adapt=True)
    monkeypatch.setattr(keeping, "_MOST_BYTES", 1000)
    for step in (1, 2, 3, 4):
        learner.step = step
        write_step(run, learner)
    assert len(kept_steps(run.folder)) == 2


def test_all_steps_of_a_frozen_backbone_stay(begin: Begin) -> None:
    run, learner = begin(adapt=False)
    for step in range(1, 31):
        learner.step = step
        write_step(run, learner)
    assert kept_steps(run.folder) == list(range(1, 31))
    assert sum(file.stat().st_size for file in (run.folder / "steps").iterdir()) < 200_000


def test_a_run_or_step_that_is_not_there(begin: Begin) -> None:
    run, learner = begin(adapt=False)
    with pytest.raises(EngineError, match="no run “crack”") as refused:
        keep_step(run.project, "crack", 2)
    assert "strip" in refused.value.hint
    write_step(run, learner)
    with pytest.raises(EngineError) as refused:
        keep_step(run.project, run.name[:-1], 2)
    assert refused.value.hint == f"Did you mean “{run.name}”?"
    with pytest.raises(EngineError, match="Step 3 of") as refused:
        keep_step(run.project, run.name, 3)
    assert refused.value.hint == "These can: 2."


def test_a_damaged_step(begin: Begin) -> None:
    run, learner = begin(adapt=False)
    write_step(run, learner)
    path = keeping.step_path(run.folder, 2)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(EngineError, match="is damaged"):
        keep_step(run.project, run.name, 2)


def test_a_step_of_another_version_of_the_backbone_is_refused(begin: Begin, tmp_path: Path) -> None:
    folder = build("embedded", tmp_path / "backbone")
    run, learner = begin(adapt=True, folder=folder)
    write_step(run, learner)
    build("embedded", folder, seed=1)
    with pytest.raises(EngineError, match="is not the one that"):
        keep_step(run.project, run.name, 2)


# --- on the command line -------------------------------------------------------------------------------


def test_anogen_embedding_keep(
    begin: Begin, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, learner = begin(adapt=False)
    write_step(run, learner)
    project = run.project
    monkeypatch.chdir(project.parent)
    project.rename("source")
    assert main(["new", "P"]) == 0
    run_folder = Path("source/runs") / run.name
    run_folder.rename(f"P/runs/{run.name}")
    capfd.readouterr()
    assert main(["embedding", "keep", "P", "--anomaly", "crack", "--step", "2"]) == 0
    assert f"{run.name}-000002" in capfd.readouterr().out
    with Project.open("P") as opened:
        (row,) = opened.embeddings("crack")
        assert (row.name, row.steps) == (f"{run.name}-000002", 2)
    assert main(["embedding", "keep", "P", "--anomaly", "crack", "--step", "5", "--run", run.name]) == 1
    assert "These can: 2." in capfd.readouterr().err
