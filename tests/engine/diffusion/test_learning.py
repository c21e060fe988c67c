"""The job *learn*, on tiny backbones: its events, and that nothing is lost, done twice or done otherwise."""

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
import numpy as np
import pytest
import torch

from engine.diffusion import learning
from engine.diffusion.embedding import AnomalyEmbedding
from engine.diffusion.inversion import Inversion
from engine.diffusion.keeping import kept_steps
from engine.diffusion.learning import learn
from engine.diffusion.learning_run import plan_run
from engine.errors import StopAndKeep
from engine.protocol import (
    EmbeddingWritten,
    Event,
    LearnJob,
    LossMeasured,
    Progress,
    Started,
    StripWritten,
    Warned,
)
from tests.engine.diffusion.small_product import kinds, learn_job, write_product
from tests.engine.diffusion.tiny_backbones import build

ROOT = Path(__file__).parents[3]
STEPS: dict[str, Any] = {"steps": 7, "strip_every": 3, "checkpoint_every": 2, "batch_size": 2}
FEW = {"_ANOMALY_VIEWS": 6, "_NORMAL_VIEWS": 6, "_EVALUATE_EVERY": 2, "_ADAPTED_EVALUATE_EVERY": 2}
Events = Generator[Event, None, None]
E = TypeVar("E", bound=Event)


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("embedded", tmp_path_factory.mktemp("backbone"))


@pytest.fixture(autouse=True)
def _few_views(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in FEW.items():
        monkeypatch.setattr(learning, name, value)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_product(tmp_path / "P")


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory, backbone: Path) -> dict[bool, Path]:
    """Projects in which the anomaly was learned in one go, with and without adaptation."""
    projects = {}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in FEW.items():
            patch.setattr(learning, name, value)
        for adapt in (True, False):
            projects[adapt] = write_product(tmp_path_factory.mktemp("whole"))
            list(learn(learn_job(projects[adapt], backbone, adapt=adapt, **STEPS)))
    return projects


def begin(job: LearnJob) -> Events:
    return cast(Events, learn(job))


def run_until_step(job: LearnJob, step: int) -> Events:
    """A job that was stopped right after it told of this step."""
    events = begin(job)
    for event in events:
        if isinstance(event, Progress) and event.stage == "learning" and event.step == step:
            return events
    raise AssertionError(f"step {step} never came")


def run_until_saving(job: LearnJob) -> None:
    """A job that was killed after its last checkpoint, before its embedding was written."""

    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learning, "save_learned", interrupt)
        with pytest.raises(KeyboardInterrupt):
            list(learn(job))


def only(events: list[Event], kind: type[E]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def embedding(project: Path) -> AnomalyEmbedding:
    (path,) = (project / "embeddings/crack").glob("*.safetensors")
    return AnomalyEmbedding.load(path)


def assert_same_result(project: Path, expected: Path) -> None:
    """Everything that the run left is alike to the last bit, but for the time at which it was made."""
    ours, theirs = embedding(project), embedding(expected)
    assert torch.equal(ours.vectors, theirs.vectors)
    assert ours.provenance.losses == theirs.provenance.losses
    assert (ours.name, ours.backbone, ours.backbone_hash) == (
        theirs.name,
        theirs.backbone,
        theirs.backbone_hash,
    )
    for pattern in ("runs/*/metrics.jsonl", "runs/*/strip/*.png", "backbones/*/unet/*"):
        found = sorted(path.relative_to(expected) for path in expected.glob(pattern))
        assert sorted(path.relative_to(project) for path in project.glob(pattern)) == found
        assert all((project / path).read_bytes() == (expected / path).read_bytes() for path in found)
    assert not list(project.glob("runs/*/checkpoint*"))


# --- events --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adapt", [True, False])
def test_what_is_told_and_in_which_order(project: Path, backbone: Path, adapt: bool) -> None:
    job = learn_job(project, backbone, adapt=adapt, **STEPS)
    events = list(learn(job))
    assert kinds(events) == [
        "Started", "Progress", "LossMeasured", "Progress", "StripWritten", "Progress", "LossMeasured",
        "Progress", "LossMeasured", "StripWritten", "Progress", "StripWritten", "EmbeddingWritten",
    ]  # fmt: skip
    assert [event.step for event in only(events, StripWritten)] == [3, 6, 7]
    assert [event.step for event in only(events, LossMeasured)] == [2, 4, 6]
    preparing = [event for event in only(events, Progress) if event.stage == "preparing"]
    assert preparing[-1].step == preparing[-1].total == (12 if adapt else 6)
    steps = [event for event in only(events, Progress) if event.stage == "learning"]
    assert [event.step for event in steps] == [1, 2, 3, 4, 5, 6, 7]
    assert all(event.total == 7 and event.loss is not None and math.isfinite(event.loss) for event in steps)
    assert all(event.eta_s is not None and event.eta_s >= 0 for event in steps)
    (written,) = only(events, EmbeddingWritten)
    assert written.steps == 7
    for path in (written.path, *(event.image for event in only(events, StripWritten))):
        assert (project / path).is_file()
    assert kept_steps(project / "runs" / written.name) == [3, 6, 7]
    assert (project / "backbones").exists() == adapt


def test_the_first_strip_comes_soon(project: Path, backbone: Path) -> None:
    job = learn_job(project, backbone, adapt=False, steps=26, strip_every=1000, batch_size=1)
    assert [event.step for event in only(list(learn(job)), StripWritten)] == [25, 26]


def test_the_run_can_be_taken_up_from_its_folder(project: Path, backbone: Path) -> None:
    job = learn_job(project, backbone, adapt=False, again=True, **STEPS)
    run_until_step(job, 3).close()
    (file,) = project.glob("runs/*/job.json")
    found = msgspec.json.decode(file.read_bytes(), type=LearnJob)
    assert not found.again, "or its progress would be lost"
    assert found == msgspec.structs.replace(job, again=False), "or the catalogue would not know it again"
    assert file.parent.name == plan_run(found).name == plan_run(job).name
    events = begin(found)
    assert cast(Started, next(events)).resumed_from == 2
    events.close()


# --- going on ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("adapt", "step", "resumed_from"), [(True, 5, 4), (False, 1, 0), (False, 6, 4)])
def test_an_interrupted_run_goes_on_and_gives_the_same_bits(
    project: Path,
    backbone: Path,
    uninterrupted: dict[bool, Path],
    adapt: bool,
    step: int,
    resumed_from: int,
) -> None:
    job = learn_job(project, backbone, adapt=adapt, **STEPS)
    run_until_step(job, step).close()
    torch.manual_seed(999)
    np.random.seed(999)
    events = list(learn(job))
    assert cast(Started, events[0]).resumed_from == resumed_from
    steps = [event.step for event in only(events, Progress) if event.stage == "learning"]
    assert steps == list(range(resumed_from + 1, 8))
    assert_same_result(project, uninterrupted[adapt])


def test_a_run_may_be_interrupted_anywhere_and_often(
    project: Path, backbone: Path, uninterrupted: dict[bool, Path]
) -> None:
    job = learn_job(project, backbone, adapt=False, **STEPS)
    for count in (2, 6, 4, 7, 6, 7, 4):
        events = begin(job)
        told = [next(events) for _ in range(count)]
        assert not only(told, EmbeddingWritten)
        events.close()
    list(learn(job))
    assert_same_result(project, uninterrupted[False])


def test_lines_of_metrics_are_neither_lost_nor_doubled(project: Path, backbone: Path) -> None:
    job = learn_job(project, backbone, adapt=False, **{**STEPS, "checkpoint_every": 3})
    events = run_until_step(job, 5)
    (metrics,) = project.glob("runs/*/metrics.jsonl")
    assert [json.loads(line)["step"] for line in metrics.read_text().splitlines()] == [2, 4]
    events.close()
    with metrics.open("a") as file:
        file.write('{"step": 5, "evalu')  # as a killed process may leave it
    list(learn(job))
    assert [json.loads(line)["step"] for line in metrics.read_text().splitlines()] == [2, 4, 6]


def test_a_damaged_checkpoint_is_not_trusted(
    project: Path, backbone: Path, uninterrupted: dict[bool, Path]
) -> None:
    job = learn_job(project, backbone, adapt=False, **STEPS)
    run_until_step(job, 5).close()
    (checkpoint,) = project.glob("runs/*/checkpoint.safetensors")
    checkpoint.write_bytes(checkpoint.read_bytes()[:-10])
    list(learn(job))
    assert_same_result(project, uninterrupted[False])


def test_killed_before_its_embedding_was_written_nothing_is_learned_anew(
    project: Path, backbone: Path, uninterrupted: dict[bool, Path]
) -> None:
    job = learn_job(project, backbone, adapt=True, **STEPS)
    run_until_saving(job)
    events = list(learn(job))
    assert cast(Started, events[0]).resumed_from == 7
    assert {event.stage for event in only(events, Progress)} == {"preparing"}
    assert_same_result(project, uninterrupted[True])


_LEARN_AND_TELL = """
import sys, msgspec
from pathlib import Path
from engine.threads import spin_briefly
spin_briefly()
from engine.diffusion import learning
from engine.protocol import LearnJob, Progress
for name, value in msgspec.json.decode(sys.argv[2]).items():
    setattr(learning, name, value)
for event in learning.learn(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=LearnJob)):
    print(event.step if isinstance(event, Progress) and event.stage == "learning" else 0, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows kills otherwise")
def test_after_kill_9_it_goes_on_and_gives_the_same_bits(
    project: Path, backbone: Path, uninterrupted: dict[bool, Path], tmp_path: Path
) -> None:
    job = learn_job(project, backbone, adapt=True, **STEPS)
    (tmp_path / "job.json").write_bytes(msgspec.json.encode(job))
    words = [sys.executable, "-c", _LEARN_AND_TELL, str(tmp_path / "job.json"), json.dumps(FEW)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": str(torch.get_num_threads())}
    process = subprocess.Popen(words, stdout=subprocess.PIPE, env=environment, cwd=tmp_path)
    assert process.stdout is not None
    reached = next((int(line) for line in process.stdout if int(line) >= 3), None)
    process.kill()
    process.communicate()
    assert reached == 3
    assert not list(project.glob("embeddings/**/*.safetensors"))
    events = list(learn(job))
    assert cast(Started, events[0]).resumed_from >= 2
    assert_same_result(project, uninterrupted[True])


# --- ends ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adapt", [True, False])
def test_stop_and_keep_keeps_what_there_is(project: Path, backbone: Path, adapt: bool) -> None:
    job = learn_job(project, backbone, adapt=adapt, **STEPS)
    events = run_until_step(job, 4)
    rest = [events.throw(StopAndKeep()), *events]
    assert [type(event) for event in rest] == [EmbeddingWritten]
    assert embedding(project).provenance.steps == 4
    again = list(learn(job))
    assert kinds(again) == ["Started", "Warned", "EmbeddingWritten"]
    assert again[-1] == rest[0]


def test_before_the_first_step_there_is_nothing_to_keep(project: Path, backbone: Path) -> None:
    events = begin(learn_job(project, backbone, adapt=False, **STEPS))
    for event in events:
        if isinstance(event, Progress):
            break
    with pytest.raises(StopAndKeep):
        events.throw(StopAndKeep())
    assert not (project / "embeddings").exists()


def test_what_is_learned_is_not_learned_twice_unless_asked_for(project: Path, backbone: Path) -> None:
    job = learn_job(project, backbone, adapt=True, **STEPS)
    (written,) = only(list(learn(job)), EmbeddingWritten)
    vectors = embedding(project).vectors
    files = {path: path.stat().st_mtime_ns for path in project.rglob("*") if path.is_file()}
    again = list(learn(job))
    assert kinds(again) == ["Started", "Warned", "EmbeddingWritten"]
    assert again[-1] == written
    assert "--again" in only(again, Warned)[0].message
    assert {path: path.stat().st_mtime_ns for path in files} == files

    redone = list(learn(msgspec.structs.replace(job, again=True)))
    assert len(only(redone, LossMeasured)) == 3
    assert redone[-1] == written
    assert torch.equal(embedding(project).vectors, vectors)


def test_it_stops_when_the_loss_is_flat(
    project: Path, backbone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "is_flat", lambda losses, every: len(losses) * every >= 4)
    settings = {name: value for name, value in STEPS.items() if name != "steps"}
    job = learn_job(project, backbone, adapt=False, **settings)
    run_until_saving(job)
    events = list(learn(job))
    assert {event.stage for event in only(events, Progress)} == {"preparing"}, (
        "flat is flat after a resume too"
    )
    assert only(events, EmbeddingWritten)[0].steps == 4


@pytest.mark.parametrize("settings", [{"profile": "product"}, {"profile": "paper"}])
def test_steps_that_were_asked_for_are_done(
    project: Path, backbone: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any]
) -> None:
    monkeypatch.setattr(learning, "is_flat", lambda losses, every: True)
    job = learn_job(project, backbone, **{**STEPS, "adapt": False, **settings})
    assert only(list(learn(job)), EmbeddingWritten)[0].steps == 7


# --- profiles and photos -------------------------------------------------------------------------------


def test_the_paper_profile_learns_one_vector_from_whole_photos(
    project: Path, backbone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Inversion] = []

    class Watched(Inversion):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            made.append(self)

    monkeypatch.setattr(learning, "Inversion", Watched)
    list(learn(learn_job(project, backbone, profile="paper", steps=1)))
    (inversion,) = made
    assert len(inversion._views) == 6, "three photos and their mirror images"
    assert inversion.vectors.shape == (1, 8)
    config = inversion.config
    assert (config.learning_rate, config.batch_size, config.weight_decay) == (4 * 5e-3, 4, 0.01)
    assert config.is_paper
    assert "a photo of a {}" in config.templates
    assert not (project / "backbones").exists(), "the paper adapts nothing"


def test_the_boxes_of_normal_crops_lie_on_the_part(
    project: Path, backbone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "_NORMAL_VIEWS", 40)
    run = plan_run(learn_job(project, backbone))
    events = learning._normal_crops(run, np.random.default_rng(0))
    with pytest.raises(StopIteration) as end:
        next(events)
    crops = end.value.value
    assert len(crops) == 40
    shares = [float((crop.image[crop.box][:, 0] > 110).mean()) for crop in crops]
    assert min(shares) > 0.5, "the part is bright, its surroundings are dark"
    assert float(np.mean(shares)) > 0.85


def test_the_project_can_be_moved_between_two_attempts(
    project: Path, backbone: Path, tmp_path: Path, uninterrupted: dict[bool, Path]
) -> None:
    run_until_step(learn_job(project, backbone, adapt=False, **STEPS), 5).close()
    moved = tmp_path / "moved"
    shutil.move(project, moved)
    events = list(learn(learn_job(moved, backbone, adapt=False, **STEPS)))
    assert cast(Started, events[0]).resumed_from == 4
    assert_same_result(moved, uninterrupted[False])
