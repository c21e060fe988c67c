"""Adaptation of a large backbone: an adapter and the vectors are learned, kept and gone on with."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.data.checkpoint import Progressed, load_checkpoint, save_checkpoint
from engine.diffusion import learning
from engine.diffusion.adaptation import Adaptation, AdaptationConfig
from engine.diffusion.backbone import Backbone, load_backbone
from engine.diffusion.keeping import keep_step
from engine.diffusion.learning import learn
from engine.diffusion.learning_run import plan_run
from engine.diffusion.loaded import load_embedding
from engine.diffusion.views import Views
from engine.protocol import EmbeddingWritten, Progress, Started, StripWritten
from tests.engine.diffusion.small_product import anomalous_views, learn_job, normal_views, write_product
from tests.engine.diffusion.tiny_backbones import build

KINDS = ("ldm", "sd2-v-inpaint")
CONFIG = AdaptationConfig("{}", steps=6, batch_size=2)
STEPS = {"steps": 5, "strip_every": 2, "checkpoint_every": 2, "batch_size": 2, "adapt": True}


class Prepared:
    """A backbone's folder and views of the small product, from which adaptations begin."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        backbone = load_backbone(str(folder))
        self.views: tuple[Views, Views] = (anomalous_views(backbone, 4), normal_views(backbone, 4))

    def begin(self, config: AdaptationConfig = CONFIG) -> Adaptation:
        """On a backbone of its own, since adapting changes it."""
        backbone = load_backbone(str(self.folder))
        return Adaptation(backbone, *self.views, backbone.word_vectors("defect", 2), config)


@pytest.fixture(scope="module", params=KINDS)
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(build(request.param, tmp_path_factory.mktemp("backbone")))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(learning, "_ANOMALY_VIEWS", 4)
    monkeypatch.setattr(learning, "_NORMAL_VIEWS", 4)
    return write_product(tmp_path / "P")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sd1-inpaint", tmp_path_factory.mktemp("backbone"))


def base_weights(backbone: Backbone) -> dict[str, Tensor]:
    """All weights but the adapter's, by the names that they have without one."""
    networks = {"unet": backbone.unet, "vae": backbone.vae, "text": backbone.text_encoder}
    return {
        f"{network}.{name.replace('.base_layer', '')}": tensor.clone()
        for network, module in networks.items()
        for name, tensor in module.state_dict().items()
        if ".lora_" not in name
    }


# --- what is learned -----------------------------------------------------------------------------------


def test_adapter_and_vectors_are_learned_and_nothing_else(prepared: Prepared) -> None:
    before = base_weights(load_backbone(str(prepared.folder)))
    adaptation = prepared.begin()
    start = {name: tensor.clone() for name, tensor in adaptation.state().items()}
    for _ in range(2):  # at first B is 0, and A gets no gradient
        adaptation.advance()
    state = adaptation.state()
    assert all(not torch.equal(state[name], tensor) for name, tensor in start.items())
    after = base_weights(adaptation.backbone)
    assert list(after) == list(before)
    assert all(torch.equal(after[name], before[name]) for name in before)
    backbone = adaptation.backbone
    for network in (backbone.unet, backbone.vae, backbone.text_encoder):
        for name, weight in network.named_parameters():
            assert (weight.grad is not None) == weight.requires_grad == (".lora_" in name), name


def test_the_state_holds_the_adapter_and_the_vectors_alone(prepared: Prepared) -> None:
    adaptation = prepared.begin()
    adaptation.advance()
    state = adaptation.state()
    names = [name for name in state if name.startswith("unet.")]
    assert len(names) == 64
    assert all(".lora_A." in name or ".lora_B." in name for name in names)
    others = {name.split(".")[0] for name in state if name not in names}
    assert others == {"vectors", "optimizer"}
    optimised = {name.split(".")[1] for name in state if name.startswith("optimizer.")}
    assert len(optimised) == len(names) + 1, "one entry for each tensor that is learned"


def test_the_loss_falls(prepared: Prepared) -> None:
    config = AdaptationConfig("{}", 40, unet_learning_rate=2e-2, vector_learning_rate=1e-2)
    adaptation = prepared.begin(config)
    before = adaptation.evaluate()
    for _ in range(40):
        adaptation.advance()
    assert adaptation.evaluate() < 0.9 * before


def test_the_seed_decides_everything(prepared: Prepared) -> None:
    losses = []
    for noise in (1, 2):
        torch.manual_seed(noise)
        adaptation = prepared.begin()
        losses.append([adaptation.advance() for _ in range(3)])
    assert losses[0] == losses[1]


def test_going_on_from_a_checkpoint_gives_the_same_bits(prepared: Prepared, tmp_path: Path) -> None:
    whole = prepared.begin()
    losses = [whole.advance() for _ in range(5)]
    half = prepared.begin()
    for _ in range(2):
        half.advance()
    save_checkpoint(tmp_path / "checkpoint", half.state(), Progressed(half.step))
    found = load_checkpoint(tmp_path / "checkpoint")
    assert found is not None
    resumed = prepared.begin()
    resumed.load_state(found[0], found[1].step)
    assert [resumed.advance() for _ in range(3)] == losses[2:]
    ours, theirs = resumed.state(), whole.state()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


# --- the job -------------------------------------------------------------------------------------------


def test_learn_writes_a_small_adapted_backbone_that_can_be_used(project: Path, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    events = list(learn(learn_job(project, folder, **STEPS)))
    written = events[-1]
    assert isinstance(written, EmbeddingWritten)
    assert len([event for event in events if isinstance(event, StripWritten)]) == 3
    weights = project / written.backbone / "unet/pytorch_lora_weights.safetensors"
    assert [path.name for path in (project / written.backbone / "unet").iterdir()] == [weights.name]
    loaded = load_embedding(project / written.path, project)  # raises if they do not belong together
    numbers = sum(weight.numel() for weight in loaded.backbone.unet.parameters())
    assert weights.stat().st_size < 4 * numbers
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert isinstance(list(learn(learn_job(project, folder, **STEPS)))[-1], EmbeddingWritten), "found again"


def test_an_interrupted_run_goes_on_and_gives_the_same_bits(
    project: Path, folder: Path, tmp_path: Path
) -> None:
    whole = write_product(tmp_path / "whole")
    expected = list(learn(learn_job(whole, folder, **STEPS)))[-1]
    for event in (events := learn(learn_job(project, folder, **STEPS))):
        if isinstance(event, Progress) and event.stage == "learning" and event.step == 3:
            break
    events.close()  # type: ignore[attr-defined]
    torch.manual_seed(999)
    resumed = list(learn(learn_job(project, folder, **STEPS)))
    assert isinstance(resumed[0], Started)
    assert resumed[0].resumed_from == 2
    assert resumed[-1] == expected
    files = [path.relative_to(whole) for path in whole.glob("backbones/*/unet/*")]
    files += [path.relative_to(whole) for path in whole.glob("runs/*/strip/*")]
    assert len(files) == 4
    assert all((project / path).read_bytes() == (whole / path).read_bytes() for path in files)


def test_any_step_can_be_kept(project: Path, folder: Path) -> None:
    job = learn_job(project, folder, **STEPS)
    list(learn(job))
    run = plan_run(job).name
    steps = {step: keep_step(project, run, step) for step in (2, 4)}
    unets = []
    for step, written in steps.items():
        assert (written.steps, written.backbone) == (step, f"backbones/{run}-{step:06d}")
        assert (project / written.backbone / "unet/pytorch_lora_weights.safetensors").is_file()
        unets.append(load_embedding(project / written.path, project).backbone.unet.state_dict())
    assert any(not torch.equal(unets[0][name], unets[1][name]) for name in unets[0])
