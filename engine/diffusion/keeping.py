"""Keeping what was learned: the embedding of a run, and any of its earlier steps."""

from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import msgspec
from safetensors import SafetensorError, safe_open
from torch import Tensor

from engine.data.files import safe_name
from engine.data.tensors import save_tensors
from engine.diffusion.adaptation import Adaptation
from engine.diffusion.backbone import Backbone, load_backbone, save_adapted
from engine.diffusion.backbone.catalogue import check_backbone
from engine.diffusion.backbone.trained_part import stored
from engine.diffusion.embedding import AnomalyEmbedding, Provenance, thinned
from engine.diffusion.learning_run import Learner, Run
from engine.errors import EngineError
from engine.protocol import EmbeddingWritten

_MOST_STATES = 12  # of an adapted U-Net: every column of the strip, as long as its settings are left alone
_MOST_BYTES = 4 * 2**30  # that they may take together
_FEWEST_STATES = 2
_METADATA = "anogen"
_VECTORS, _UNET = "vectors", "unet."


class _Learned(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to say about vectors; `backbone` is the one that the run began with."""

    anomaly: str
    backbone: str
    backbone_hash: str
    provenance: Provenance


def save_learned(run: Run, learner: Learner) -> EmbeddingWritten:
    """Write the run's embedding as it is now, after the adapted backbone that it belongs to.

    Raises:
        EngineError: the disk is full, or the project cannot be written to.
    """
    unet = _trained_tensors(learner)
    return _write(run.project, run.name, _learned(run, learner), learner.vectors, unet, run.backbone)


def find_learned(run: Run) -> EmbeddingWritten | None:
    """What tells of the run's embedding, if it is there and can be used; None where it is still to be learned."""
    try:
        embedding = AnomalyEmbedding.load(run.project / embedding_path(run.job.anomaly, run.name))
        if check_backbone(embedding.backbone, run.project).hash != embedding.backbone_hash:
            return None
    except EngineError:
        return None
    return embedding_written(embedding)


def write_step(run: Run, learner: Learner) -> None:
    """Write what `keep_step` needs of this step: the vectors and what is trained of an adapted U-Net.

    Of the steps of an adapted U-Net at most twelve stay, evenly spread, and fewer where they are very large.

    Raises:
        EngineError: the disk is full, or the project cannot be written to.
    """
    tensors = {_VECTORS: learner.vectors}
    tensors |= {f"{_UNET}{name}": tensor for name, tensor in stored(_trained_tensors(learner)).items()}
    path = step_path(run.folder, learner.step)
    metadata = {_METADATA: msgspec.json.encode(_learned(run, learner)).decode()}
    save_tensors(path, tensors, metadata)
    if run.adapts:
        _thin(run.folder, max(_FEWEST_STATES, min(_MOST_STATES, _MOST_BYTES // path.stat().st_size)))


def keep_step(project: Path, run: str, step: int) -> EmbeddingWritten:
    """Make an embedding of its own of one of a run's steps; one that is kept already is only told.

    Args:
        run: the name of its folder in `runs`.
    Raises:
        EngineError: there is no such run or step, the backbone is not the one it was learned with, the disk is
            full.
    """
    path = _find_step(project, run, step)
    learned, tensors = _read_step(path)
    name = f"{run}-{step:06d}"
    if (project / embedding_path(learned.anomaly, name)).is_file():
        return embedding_written(AnomalyEmbedding.load(project / embedding_path(learned.anomaly, name)))
    backbone = load_backbone(learned.backbone, project)
    if backbone.hash != learned.backbone_hash:
        raise EngineError(
            f"The backbone “{learned.backbone}” is not the one that {run} was learned with.",
            "Bring that version back, or learn the anomaly again.",
        )
    unet = {key.removeprefix(_UNET): tensor for key, tensor in tensors.items() if key.startswith(_UNET)}
    return _write(project, name, learned, tensors[_VECTORS], unet, backbone)


def kept_steps(run_folder: Path) -> list[int]:
    """The steps of a run that can be kept, the first ones first."""
    stems = [path.stem for path in (run_folder / "steps").glob("*.safetensors")]
    return sorted(int(stem) for stem in stems if stem.isdigit())


def step_path(run_folder: Path, step: int) -> Path:
    """Where the state of a step lies."""
    return run_folder / "steps" / f"{step:06d}.safetensors"


def _learned(run: Run, learner: Learner) -> _Learned:
    losses = [(at, loss) for at, loss in run.progress.evaluations if at <= learner.step]
    provenance = Provenance(
        steps=learner.step,
        losses=thinned(losses),
        supports=run.records,
        settings=msgspec.to_builtins(run.settings),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        box_range=run.box_range,
    )
    return _Learned(
        anomaly=run.job.anomaly,
        backbone=run.backbone.reference,
        backbone_hash=run.backbone.hash,
        provenance=provenance,
    )


def _write(
    project: Path,
    name: str,
    learned: _Learned,
    vectors: Tensor,
    unet: Mapping[str, Tensor],
    backbone: Backbone,
) -> EmbeddingWritten:
    """Write the adapted backbone, if anything of a U-Net was trained, then the embedding, which names it."""
    reference, digest = learned.backbone, learned.backbone_hash
    if unet:
        reference = save_adapted(
            project,
            name,
            backbone,
            unet,
            anomaly=learned.anomaly,
            supports=[msgspec.to_builtins(support) for support in learned.provenance.supports],
            steps=learned.provenance.steps,
            created=learned.provenance.created,
            settings=learned.provenance.settings,
        )
        digest = check_backbone(reference, project).hash
    embedding = AnomalyEmbedding(vectors, learned.anomaly, name, reference, digest, learned.provenance)
    embedding.save(project / embedding_path(learned.anomaly, name))
    return embedding_written(embedding)


def embedding_path(anomaly: str, name: str) -> str:
    """Where an embedding lies, relative to its project."""
    return f"embeddings/{safe_name(anomaly)}/{name}.safetensors"


def embedding_written(embedding: AnomalyEmbedding) -> EmbeddingWritten:
    """What tells of an embedding that lies where it belongs."""
    return EmbeddingWritten(
        anomaly=embedding.anomaly,
        name=embedding.name,
        path=embedding_path(embedding.anomaly, embedding.name),
        backbone=embedding.backbone,
        steps=embedding.provenance.steps,
    )


def _find_step(project: Path, run: str, step: int) -> Path:
    steps = {path.parent.name: kept_steps(path.parent) for path in (project / "runs").glob("*/steps")}
    if run not in steps:
        near = get_close_matches(run, steps, n=1, cutoff=0.4)
        raise EngineError(
            f"There is no run “{run}” with steps that can be kept.",
            f"Did you mean “{near[0]}”?" if near else "The strip of a run shows which steps there are.",
        )
    if step not in steps[run]:
        raise EngineError(
            f"Step {step} of “{run}” cannot be kept.",
            f"These can: {', '.join(map(str, steps[run]))}.",
        )
    return step_path(project / "runs" / run, step)


def _read_step(path: Path) -> tuple[_Learned, dict[str, Tensor]]:
    try:
        with safe_open(path, "pt") as file:
            text = (file.metadata() or {}).get(_METADATA, "")
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
        if _VECTORS not in tensors:
            raise SafetensorError("no vectors")
        return msgspec.json.decode(text, type=_Learned), tensors
    except (SafetensorError, msgspec.DecodeError, OSError) as error:
        raise EngineError(f"{path} is damaged.", "Keep another step, or learn the anomaly again.") from error


def _thin(run_folder: Path, count: int) -> None:
    """Remove steps until `count` are left: always the one whose neighbours are closest together, not the last."""
    steps = kept_steps(run_folder)
    while len(steps) > count:
        around = [0, *steps]
        gaps = [after - before for before, after in zip(around, steps[1:], strict=False)]
        crowded = steps.pop(gaps.index(min(gaps)))
        step_path(run_folder, crowded).unlink(missing_ok=True)


def _trained_tensors(learner: Learner) -> Mapping[str, Tensor]:
    """What is trained of the U-Net: nothing on a frozen backbone."""
    return learner.trained.tensors() if isinstance(learner, Adaptation) else {}
