"""Which backbones there are, and whether one is whole."""

from dataclasses import dataclass, replace
from pathlib import Path

from engine.diffusion.backbone.adapted import FOLDER, Adapted, lineage
from engine.diffusion.backbone.layout import (
    inspect,
    latent_channels,
    read_json,
    token_dim,
    weights_problem,
    whole_number,
)
from engine.diffusion.backbone.manifest import Manifest, default_manifest, read_manifest
from engine.diffusion.backbone.places import EMBEDDED, downloaded, find_backbone
from engine.errors import EngineError


@dataclass(frozen=True)
class Report:
    """What is known of a backbone without loading it.

    `kind` is ldm or sd; `missing` has one line for each thing that is missing or wrong, and is empty where
    the backbone can be used; `hash` is empty where it cannot, or was not asked for. `base` is what an adapted
    backbone was adapted from, otherwise empty; `adapter_rank` is not 0 where it was done by an adapter.
    """

    reference: str
    folder: Path
    kind: str
    missing: tuple[str, ...]
    bytes: int
    hash: str
    manifest: Manifest
    is_inpainting: bool = False
    prediction_type: str = "epsilon"
    size_px: int = 0
    token_dim: int = 0
    base: str = ""
    adapter_rank: int = 0

    @property
    def is_usable(self) -> bool:
        return not self.missing


def list_backbones(project: Path | None = None) -> list[Report]:
    """The embedded backbone, the downloaded ones, and the project's adapted ones; without their hashes."""
    references = [EMBEDDED, *downloaded()]
    if project is not None:
        references += [
            f"{FOLDER}/{path.name}" for path in sorted((project / FOLDER).glob("*")) if path.is_dir()
        ]
    return [_glance(reference, project) for reference in references]


def check_backbone(reference: str, project: Path | None = None) -> Report:
    """Look closely at a backbone: what is missing, its size and its hash (which reads all of its weights).

    Args:
        reference: as for `load_backbone`.
    Raises:
        EngineError: there is no such backbone on this computer. What is missing in one is no error here.
    """
    return _report(reference, project, with_hash=True)


def _glance(reference: str, project: Path | None) -> Report:
    """A report without the hash; one that cannot be made says why."""
    try:
        return _report(reference, project, with_hash=False)
    except EngineError as error:
        return Report(reference, Path(), "sd", (error.message,), 0, "", Manifest())


def _report(reference: str, project: Path | None, with_hash: bool) -> Report:
    root, above = lineage(reference, project)
    report = _report_folder(root, find_backbone(root, project), with_hash)
    for adapted in above:
        report = _report_adapted(report, adapted)
    return report


def _report_folder(reference: str, folder: Path, with_hash: bool) -> Report:
    layout = inspect(folder)
    missing = list(layout.missing)
    manifest = default_manifest(layout.kind)
    try:
        manifest = read_manifest(folder, layout.kind)
    except EngineError as error:
        missing.append(error.message)
    unet = layout.unet.config
    levels = layout.vae.config.get("block_out_channels")
    downscale = 2 ** (len(levels) - 1) if isinstance(levels, list) and levels else 1
    return Report(
        reference=reference,
        folder=folder,
        kind=layout.kind,
        missing=tuple(missing),
        bytes=layout.bytes(),
        hash=layout.hash() if with_hash and not missing else "",
        manifest=manifest,
        is_inpainting=unet.get("in_channels") == 2 * latent_channels(layout) + 1,
        prediction_type=str(read_json(layout.scheduler).get("prediction_type", "epsilon")),
        size_px=manifest.size_px or whole_number(unet, "sample_size") * downscale,
        token_dim=token_dim(layout),
    )


def _report_adapted(base: Report, adapted: Adapted) -> Report:
    record = adapted.record
    missing = tuple(f"in its base “{record.base}”: {line}" for line in base.missing)
    problem = weights_problem(adapted.weights)
    if problem is not None:
        missing += (f"{record.weights}{problem}",)
    if base.hash and base.hash != record.base_hash:
        missing += (f"the version of “{record.base}” that it was adapted from",)
    return replace(
        base,
        reference=adapted.reference,
        folder=adapted.folder,
        missing=missing,
        bytes=adapted.weights.stat().st_size,
        hash=adapted.hash() if base.hash and not missing else "",
        base=record.base,
        adapter_rank=record.adapter_rank,
    )
