"""The commands *train*, *evaluate*, *compare*, *inspect*: detectors, from samples to anomaly maps."""

import argparse
from pathlib import Path

import msgspec
from msgspec import inspect

from engine.cli.console import GO_ON, Console, opened
from engine.cli.job_commands import run_job
from engine.cli.options import add_settings, read_settings, within
from engine.cli.parser import Commands, add_project, add_run, parse_path
from engine.cli.status import as_word
from engine.data.files import list_files
from engine.data.images import IMAGE_SUFFIXES
from engine.errors import EngineError
from engine.project.detecting import find_training, photos_to_measure_on, plan_train
from engine.project.runs import job_key
from engine.protocol import (
    CompareRunsJob,
    EvaluateRunJob,
    Finished,
    InspectJob,
    TrainSettings,
)
from engine.threshold import FALSE_ALARM_TARGET

_TRAIN = """\
A detector finds anomalies on photos. It is trained on your good photos, on anomalies that are
pasted into them, and with the recipe `anogen` on your accepted samples, too; `baseline` goes
without samples, to see what they are good for. Test photos are never looked at. Every hundred
steps heatmaps of some bad photos are drawn in P/runs. Killed or stopped with Ctrl-C, the same
command goes on from the last checkpoint; once it has finished, it is not done again."""

_TRAIN_EXAMPLES = """\
anogen train P --all
anogen train P --detector draem --recipe baseline --preset light --seed 1
anogen train P --detector destseg --teacher weights/resnet-18"""

_EVALUATE = """\
How well the detector of a run finds the anomalies on the test photos: AUROC and AP of photos,
AUROC, AP and AUPRO of pixels (1 is best), with the support photos, as papers have it, and
without them, which is what to believe: samples were made from them. Beside each figure its
95 % interval, from drawing the photos again and again. Where good photos were held out from the
training, they say which threshold rejects few good ones, and what it gets wrong is counted."""

_COMPARE = """\
Both detectors are measured on the same photos; for each figure it is told whether the second
run is better than the first by more than the choice of photos explains: helped, hurt, or no
measurable change."""

_INSPECT = """\
For each photo a heatmap on it (the same colour always means the same: dark blue 0, dark red 1),
the map as 16-bit PNG of the photo's size (65535 is 1), and in scores.csv its score, the higher,
the more anomalous, and the verdict: by the bands that were set in the window, or else by the good
photos held out from the training. Folders are searched for photos. A file that cannot be read is told, and the
others are inspected."""


def add(commands: Commands) -> None:
    """Add the commands to the command line."""
    parser = commands.add(
        "train", _train, "train a detector on good photos and samples", _TRAIN, _TRAIN_EXAMPLES
    )
    add_project(parser)
    parser.add_argument(
        "--all", action="store_true", help="also samples without a verdict, not only accepted ones"
    )
    parser.add_argument("--again", action="store_true", help="start over, also where it is finished already")
    add_settings(parser, TrainSettings, "how it is trained")
    parser = commands.add(
        "evaluate",
        _evaluate,
        "measure a trained detector on the test photos",
        _EVALUATE,
        "anogen evaluate P draem-anogen-light-2e87658220",
    )
    add_project(parser)
    add_run(parser)
    _add_resamples(parser)
    parser.add_argument(
        "--target-false-alarms",
        metavar="SHARE",
        type=within(float, inspect.FloatType(gt=0, lt=1)),
        default=FALSE_ALARM_TARGET,
        help="the share of new good photos that the threshold may reject [default %(default)s]",
    )
    parser = commands.add(
        "compare",
        _compare,
        "tell whether one trained detector is better than another",
        _COMPARE,
        "anogen compare P draem-baseline-light-1500076b6c draem-anogen-light-2e87658220",
    )
    add_project(parser)
    add_run(parser)
    add_run(parser, "RUN2")
    _add_resamples(parser)
    parser = commands.add(
        "inspect",
        _inspect,
        "look for anomalies on photos with a trained detector",
        _INSPECT,
        "anogen inspect P draem-anogen-light-2e87658220 new-photos --out maps",
    )
    add_project(parser)
    add_run(parser)
    parser.add_argument(
        "files", metavar="FILES", nargs="+", type=parse_path, help="photos, or folders of them"
    )
    parser.add_argument("--out", metavar="D", type=parse_path, required=True, help="the folder to write into")


def _add_resamples(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--resamples",
        metavar="N",
        type=within(int, inspect.IntType(ge=10, le=100_000)),
        default=1000,
        help="how often photos are drawn again for the intervals [default %(default)s]",
    )


# --- train ---------------------------------------------------------------------------------------------


def _train(arguments: argparse.Namespace, console: Console) -> Finished:
    settings = read_settings(arguments, TrainSettings)
    settings = msgspec.structs.replace(
        settings, textures=_absolute(settings.textures), teacher=_absolute(settings.teacher)
    )
    with opened(arguments.project, console) as project:
        job = plan_train(project, settings, arguments.all, console.warn)
        job = msgspec.structs.replace(job, again=arguments.again)
        finished = run_job(job, project, console, GO_ON)
        runs = [run.name for run in project.runs() if run.job and job_key(run.job) == job_key(job)]
    console.finish(finished)
    if finished.outcome in ("done", "kept") and runs:
        console.say(f"Next: anogen evaluate {as_word(arguments.project)} {runs[-1]}")
    return finished


def _absolute(folder: str) -> str:
    return str(Path(folder).expanduser().resolve()) if folder else ""


# --- evaluate and compare ------------------------------------------------------------------------------


def _evaluate(arguments: argparse.Namespace, console: Console) -> Finished:
    with opened(arguments.project, console) as project:
        job = EvaluateRunJob(
            project=str(project.folder),
            run=find_training(project, arguments.run).name,
            photos=photos_to_measure_on(project, console.warn),
            resamples=arguments.resamples,
            false_alarm_target=arguments.target_false_alarms,
        )
        return run_job(job, project, console)


def _compare(arguments: argparse.Namespace, console: Console) -> Finished:
    with opened(arguments.project, console) as project:
        job = CompareRunsJob(
            project=str(project.folder),
            first=find_training(project, arguments.run).name,
            second=find_training(project, arguments.run2).name,
            photos=photos_to_measure_on(project, console.warn),
            resamples=arguments.resamples,
        )
        return run_job(job, project, console)


# --- inspect -------------------------------------------------------------------------------------------


def _inspect(arguments: argparse.Namespace, console: Console) -> Finished:
    files = [str(file) for path in arguments.files for file in _photos_at(path)]
    with opened(arguments.project, console) as project:
        run = find_training(project, arguments.run)
        job = InspectJob(
            project=str(project.folder),
            run=run.name,
            files=tuple(dict.fromkeys(files)),
            out=str(arguments.out.expanduser().resolve()),
            look_again_above=run.look_again_above,
            reject_above=run.reject_above,
        )
        return run_job(job, project, console)


def _photos_at(path: Path) -> list[Path]:
    """A file as it is; of a folder, the photos in it. Raises EngineError for a folder without any."""
    path = path.expanduser().resolve()
    if not path.is_dir():
        return [path]
    photos = [file for file in list_files(path) if file.suffix.lower() in IMAGE_SUFFIXES]
    if not photos:
        raise EngineError(f"There are no photos in {path}.", "Name a folder of photos (PNG, JPEG, TIFF …).")
    return photos
