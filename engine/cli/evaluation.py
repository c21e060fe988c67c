"""The command *backbone evaluate*: a table of figures, on renders and on real photos."""

import argparse
import os
from pathlib import Path

import msgspec
from msgspec import inspect

import engine
from engine import tasks
from engine.cli.console import GO_ON, Console
from engine.cli.job_commands import lasting_reference
from engine.cli.judgement import Judgement, judge_on_photos
from engine.cli.options import within
from engine.cli.parser import Commands
from engine.errors import EngineError
from engine.project.masks import MASK_FOLDERS, list_images
from engine.protocol import EvaluateJob, Finished

_ABOUT = """\
Without --anomaly, on rendered surfaces that no backbone was trained on, and with --data on
photos: what the autoencoder keeps of a picture, how well noise is removed, whether captions are
listened to, and how far generated defects are from rendered ones (the smaller the better).

With --anomaly, on real photos: the anomaly is learned from the support photos in a project
in DIR, samples are generated, and compared with the real anomalies that nothing was learned
from, against Perlin noise and CutPaste. A sheet to look at is written into DIR. Stopped at any
time, the same command goes on.

Figures that compare anomalies need features: those of a ResNet-18 where --features, or the
folder that ANOGEN_DATA names, has one; else those of the backbone's own encoder."""

_EXAMPLES = """\
anogen backbone evaluate
anogen backbone evaluate my/model --data photos --json > figures.jsonl
anogen backbone evaluate --data cookie --anomaly cracked --support anomaly-1 anomaly-10 --out judged"""

_FEATURES = "weights/resnet18-imagenet-stage1to3"
_SURFACES = next(f.default for f in msgspec.structs.fields(EvaluateJob) if f.name == "surfaces")


def add_evaluate(group: Commands) -> None:
    """Add the command to those of *backbone*."""
    parser = group.add("evaluate", _evaluate, "measure how good a backbone is", _ABOUT, _EXAMPLES)
    count = within(int, inspect.IntType(ge=1))
    parser.add_argument(
        "backbone",
        metavar="B",
        nargs="?",
        default="embedded",
        help="name, folder or hub id [default embedded]",
    )
    parser.add_argument(
        "--data", metavar="D", type=Path, help="a folder of photos; in MVTec layout with --anomaly"
    )
    parser.add_argument("--anomaly", metavar="A", help="the anomaly class to learn and judge")
    parser.add_argument(
        "--support", metavar="NAME", nargs="+", action="extend", default=[], help="support photos by name"
    )
    parser.add_argument(
        "--features", metavar="F", type=Path, help="the folder of a ResNet in transformers layout"
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="with --anomaly: where projects and sheets go"
    )
    parser.add_argument(
        "--surfaces",
        metavar="N",
        type=within(int, inspect.IntType(ge=2)),
        default=_SURFACES,
        help="rendered surfaces, with two defects each [default %(default)s]",
    )
    parser.add_argument(
        "--count", metavar="N", type=count, default=32, help="samples to judge [default %(default)s]"
    )
    parser.add_argument(
        "--steps", metavar="N", type=count, help="steps of learning; by default as many as `anogen learn`"
    )


def _evaluate(arguments: argparse.Namespace, console: Console) -> Finished:
    data = _existing(arguments.data) if arguments.data else None
    features = _features_folder(arguments.features)
    backbone = lasting_reference(arguments.backbone)
    if arguments.anomaly is None:
        job = EvaluateJob(
            project=str(Path.cwd()),
            backbone=backbone,
            photos=_photos(data) if data else (),
            features=features,
            surfaces=arguments.surfaces,
        )
        return console.run(tasks.run(job), Path.cwd())
    if data is None or arguments.out is None:
        raise EngineError("Judging an anomaly needs real photos and a place.", "Give --data D and --out DIR.")
    judgement = Judgement(
        data=data,
        anomaly=arguments.anomaly,
        supports=arguments.support,
        backbone=backbone,
        folder=arguments.out.expanduser().resolve(),
        features=features,
        count=arguments.count,
        steps=arguments.steps,
    )
    return judge_on_photos(judgement, console, GO_ON)


def _existing(folder: Path) -> Path:
    folder = folder.expanduser().resolve()
    if not folder.is_dir():
        raise EngineError(f"There is no folder {folder}.", "Check the path.")
    return folder


def _features_folder(chosen: Path | None) -> str:
    """The ResNet that was chosen, or that of the benchmarks' data, or ''."""
    if chosen is not None:
        return str(_existing(chosen))
    beside = Path(engine.__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("ANOGEN_DATA") or beside).expanduser().resolve() / _FEATURES
    return str(folder) if folder.is_dir() else ""


def _photos(data: Path) -> tuple[str, ...]:
    """All photos in a folder and below, without masks. Raises EngineError where there is none."""
    photos = [
        str(path)
        for path in list_images(data)
        if not any(part.lower() in MASK_FOLDERS for part in path.relative_to(data).parts[:-1])
        and not path.stem.lower().endswith("_mask")
    ]
    if not photos:
        raise EngineError(f"There are no photos in {data}.", "Check the path.")
    return tuple(photos)
