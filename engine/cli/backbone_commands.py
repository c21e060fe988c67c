"""The commands *backbone list*, *check*, *download*, *pretrain*; *evaluate* has a file of its own."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import tasks
from engine.cli.console import GO_ON, Console
from engine.cli.evaluation import add_evaluate
from engine.cli.options import add_settings, read_settings
from engine.cli.parser import Commands
from engine.errors import EngineError
from engine.protocol import DownloadJob, Finished, PretrainJob

if TYPE_CHECKING:
    from engine.diffusion.backbone.catalogue import Report

_ABOUT = """\
A backbone is the diffusion model that anomalies are generated with: a folder in diffusers
layout. The embedded one comes with the program; others are downloaded once, and never
without being asked for."""

_DOWNLOAD = """\
Only the files that are needed, about 5 GB for Stable Diffusion; broken off, the same command
goes on. They go into the user's data folder (ANOGEN_HOME puts it elsewhere)."""

_PRETRAIN = """\
For those who build the program: the embedded backbone is trained on surfaces and defects that
are rendered first. Stopped at any time, the same command goes on. Evaluated every five minutes,
the backbone so far is written to D/export, which `--backbone D/export` uses."""


def add(commands: Commands) -> None:
    """Add the commands to the command line."""
    group = commands.add_group("backbone", "list, check, download, train and evaluate backbones", _ABOUT)
    parser = group.add("list", _list, "list the backbones on this computer", "", "anogen backbone list")
    parser.add_argument("project", metavar="P", nargs="?", help="list the adapted ones of this project, too")
    parser = group.add(
        "check",
        _check,
        "tell what a backbone is and what is missing in it",
        "",
        "anogen backbone check my/model",
    )
    parser.add_argument("backbone", metavar="B", help="name, folder or hub id")
    parser.add_argument("--project", metavar="P", help="the project that an adapted backbone belongs to")
    parser = group.add(
        "download",
        _download,
        "download a backbone from the Hugging Face hub",
        _DOWNLOAD,
        "anogen backbone download CompVis/ldm-text2im-large-256",
    )
    parser.add_argument("backbone", metavar="ID", help="its hub id, owner/name")
    _add_pretrain(group)
    add_evaluate(group)


def _add_pretrain(group: Commands) -> None:
    example = "anogen backbone pretrain --minutes 60 --out runs/backbone"
    parser = group.add("pretrain", _pretrain, "train the embedded backbone", _PRETRAIN, example)
    parser.add_argument(
        "--out",
        metavar="D",
        type=Path,
        required=True,
        help="the run's folder, a new one or one to go on with",
    )
    add_settings(parser, PretrainJob, "how it is trained")


def _list(arguments: argparse.Namespace, console: Console) -> None:
    from engine.diffusion.backbone.catalogue import list_backbones

    project = _existing(arguments.project) if arguments.project else None
    for report in list_backbones(project):
        console.tell(_facts(report), _line(report))


def _check(arguments: argparse.Namespace, console: Console) -> None:
    from engine.diffusion.backbone.catalogue import check_backbone

    report = check_backbone(arguments.backbone, _existing(arguments.project) if arguments.project else None)
    console.tell(_facts(report), _description(report))
    if not report.is_usable:
        raise EngineError(
            f"The backbone “{report.reference}” cannot be used: it lacks {len(report.missing)} "
            f"{'thing' if len(report.missing) == 1 else 'things'}.",
            "What is missing is listed above.",
        )


def _download(arguments: argparse.Namespace, console: Console) -> Finished:
    from engine.diffusion.backbone.places import backbones_home

    home = backbones_home()
    job = DownloadJob(project=str(home), backbone=arguments.backbone)
    return console.run(tasks.run(job), home, when_cancelled=GO_ON)


def _pretrain(arguments: argparse.Namespace, console: Console) -> Finished:
    folder = arguments.out.expanduser().resolve()
    job = read_settings(arguments, PretrainJob, project=str(folder))
    return console.run(tasks.run(job), folder, when_cancelled=GO_ON)


def _existing(project: str) -> Path:
    folder = Path(project).expanduser().resolve()
    if not folder.is_dir():
        raise EngineError(f"There is no folder {folder}.", "Check the path.")
    return folder


def _facts(report: "Report") -> dict[str, Any]:
    names = (
        "reference",
        "kind",
        "missing",
        "bytes",
        "hash",
        "is_inpainting",
        "prediction_type",
        "size_px",
        "base",
        "adapter_rank",
    )
    return {
        **{name: getattr(report, name) for name in names},
        "folder": str(report.folder),
        "licence": report.manifest.licence,
        "needs_adaptation": report.manifest.needs_adaptation,
    }


def _line(report: "Report") -> str:
    if not report.is_usable:
        return f"{report.reference}  cannot be used; missing: {', '.join(report.missing)}"
    base = f", adapted from {report.base}" if report.base else ""
    return f"{report.reference}  {_kind(report)}, {report.size_px} px, {report.bytes / 1e6:.0f} MB{base}"


def _description(report: "Report") -> str:
    lines = [
        f"{report.reference}: {_kind(report)}",
        f"  folder      {report.folder}",
        f"  size        {report.bytes / 1e6:.1f} MB",
        f"  crops       {report.size_px} px, {report.prediction_type} prediction",
        f"  licence     {report.manifest.licence or 'not told'}",
        f"  adaptation  {'needed' if report.manifest.needs_adaptation else 'where asked for'}"
        f": {_part(report.manifest.adapter_rank)}",
    ]
    if report.base:
        lines.append(f"  adapted     from {report.base}: {_part(report.adapter_rank)}")
    if report.hash:
        lines.append(f"  hash        {report.hash}")
    return "\n".join([*lines, *(f"  missing     {line}" for line in report.missing)])


def _part(adapter_rank: int) -> str:
    """What of a U-Net an adaptation trains."""
    return f"an adapter of rank {adapter_rank}" if adapter_rank else "the whole U-Net"


def _kind(report: "Report") -> str:
    name = {"ldm": "latent diffusion", "sd": "stable diffusion"}.get(report.kind, report.kind)
    return f"{name}, inpainting" if report.is_inpainting else name
