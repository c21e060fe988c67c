"""The commands that compute: learn, adapt, generate."""

import argparse
import math
from pathlib import Path

import msgspec

from engine import tasks
from engine.cli.console import GO_ON, Console, opened
from engine.cli.options import add_settings, read_settings
from engine.cli.parser import Commands, add_project
from engine.cli.status import as_word
from engine.errors import EngineError
from engine.geometry import Box
from engine.project import Project
from engine.project.planning import plan_generate, plan_learn
from engine.protocol import Finished, GenerateJob, GenerateSettings, Job, LearnSettings, Placement

_LEARN = """\
From about three support photos with masks, an anomaly embedding is learned: the few numbers
that tell the backbone (the diffusion model, see `anogen backbone --help`) what this anomaly
looks like. A backbone that needs it, as the embedded one does, is adapted to your product
along the way. Every few steps a sample at a fixed place is added to a strip in P/runs, and
the embedding of each of these steps can be kept (`anogen embedding keep`). Killed or stopped
with Ctrl-C, the same command goes on from the last checkpoint; once it has finished, it is
not done again."""

_LEARN_EXAMPLES = """\
anogen learn P --anomaly crack --support 003 007 012
anogen learn P --anomaly crack --support 003 007 012 --no-adapt --steps 500"""

_ADAPT = """\
The same as `anogen learn --adapt`: the backbone is fine-tuned on your good photos and the
support photos, together with the embedding; a large one by an adapter, a small file that is
put into it on loading. What was learned stays in the project; the backbone itself is not
touched."""

_GENERATE = """\
Each sample is a good photo with the anomaly in one or more boxes, a PNG of the photo's own
size, and beside it a mask. Outside the mask, not a pixel differs from the photo. Where no box
was placed, boxes are placed on the part by themselves. Started again with the same --seed,
samples that are finished are not made again; a larger --count adds to them."""

_GENERATE_EXAMPLES = """\
anogen generate P --anomaly crack --count 8 --seed 7
anogen generate P --anomaly crack --photo good-17 --box 300,410,120,60,30 --count 4
anogen generate P --anomaly crack --count 100 --json > samples.jsonl"""


def add(commands: Commands) -> None:
    """Add the commands to the command line."""
    parser = commands.add(
        "learn", _learn, "learn an anomaly embedding from support photos", _LEARN, _LEARN_EXAMPLES
    )
    _add_learning(parser)
    parser = commands.add(
        "adapt",
        _adapt,
        "adapt the backbone to the product, and learn",
        _ADAPT,
        "anogen adapt P --anomaly crack --support 003 007 012",
    )
    _add_learning(parser)
    parser = commands.add(
        "generate", _generate, "generate an anomaly on good photos", _GENERATE, _GENERATE_EXAMPLES
    )
    _add_generating(parser)


def parse_box(text: str) -> Box:
    """A box from "x,y,width,height" or "x,y,width,height,angle", its centre first.

    Raises:
        argparse.ArgumentTypeError: it is not that.
    """
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (4, 5) or not all(map(math.isfinite, numbers)):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a box: write X,Y,WIDTH,HEIGHT or X,Y,WIDTH,HEIGHT,ANGLE in pixels and degrees"
        )
    x, y, width, height, angle = [*numbers, 0.0][:5]
    return Box(center_x=x, center_y=y, width=width, height=height, angle_deg=angle)


# --- learn and adapt -----------------------------------------------------------------------------------


def _add_learning(parser: argparse.ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument("--anomaly", metavar="A", required=True, help="the anomaly class, for example crack")
    parser.add_argument(
        "--support",
        metavar="NAME",
        nargs="+",
        action="extend",
        default=[],
        help="support photos by name, about three; by default those chosen before, else all bad photos",
    )
    parser.add_argument("--again", action="store_true", help="start over, also where it is finished already")
    add_settings(parser, LearnSettings, "how it is learned")


def _learn(arguments: argparse.Namespace, console: Console) -> Finished:
    return _learned(arguments, console, read_settings(arguments, LearnSettings))


def _adapt(arguments: argparse.Namespace, console: Console) -> Finished:
    settings = read_settings(arguments, LearnSettings)
    if settings.adapt is False:
        raise EngineError("`anogen adapt` cannot go without adapting.", "Use `anogen learn --no-adapt`.")
    return _learned(arguments, console, msgspec.structs.replace(settings, adapt=True))


def _learned(arguments: argparse.Namespace, console: Console, settings: LearnSettings) -> Finished:
    settings = msgspec.structs.replace(settings, backbone=lasting_reference(settings.backbone))
    with opened(arguments.project, console) as project:
        job = plan_learn(project, arguments.anomaly, arguments.support, settings, console.warn)
        job = msgspec.structs.replace(job, again=arguments.again)
        finished = run_job(job, project, console)
    console.finish(finished)
    if finished.outcome in ("done", "kept"):
        console.say(
            f"Next: anogen generate {as_word(arguments.project)} --anomaly {as_word(job.anomaly)} --count 8"
        )
    return finished


def lasting_reference(backbone: str) -> str:
    """A backbone's reference that means the same from every folder: a folder's is made absolute."""
    folder = Path(backbone).expanduser()
    is_name = backbone in ("embedded", "") or backbone.startswith("backbones/")
    return str(folder.resolve()) if not is_name and folder.is_dir() else backbone


# --- generate ------------------------------------------------------------------------------------------


def _add_generating(parser: argparse.ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument("--anomaly", metavar="A", required=True, help="the anomaly class, for example crack")
    parser.add_argument(
        "--embedding",
        metavar="NAME",
        help="which embedding (see `anogen embedding list`); by default the newest",
    )
    parser.add_argument(
        "--photo",
        metavar="NAME",
        nargs="+",
        action="extend",
        default=[],
        help="good photos to generate on; by default all, those with boxes first",
    )
    parser.add_argument(
        "--box",
        metavar="X,Y,W,H[,ANGLE]",
        type=parse_box,
        action="append",
        default=[],
        help="a box on the photos of --photo: centre, width and height in pixels, angle in degrees, "
        "clockwise; may be given several times (write --box=-5,… where X is negative)",
    )
    add_settings(parser, GenerateSettings, "how it is generated")


def _generate(arguments: argparse.Namespace, console: Console) -> Finished:
    settings = read_settings(arguments, GenerateSettings)
    if arguments.box and not arguments.photo:
        raise EngineError("It is not clear which photo the box is on.", "Name the photo with --photo.")
    with opened(arguments.project, console) as project:
        job = plan_generate(
            project, arguments.anomaly, arguments.embedding, arguments.photo, settings, console.warn
        )
        if arguments.box:
            job = with_boxes(job, arguments.box)
        seed = job.settings.seed
        if settings.seed is None:
            console.say(f"Seed {seed} was drawn; --seed {seed} gives the same samples again.")
        go_on = GO_ON if settings.seed == seed else f"Cancelled; the same command with --seed {seed} goes on."
        return run_job(job, project, console, go_on)


def with_boxes(job: GenerateJob, boxes: list[Box]) -> GenerateJob:
    """The same job with these boxes on every photo."""
    placements = tuple(Placement(photo=each.photo, boxes=tuple(boxes)) for each in job.placements)
    return msgspec.structs.replace(job, placements=placements)


def run_job(job: Job, project: Project, console: Console, when_cancelled: str = GO_ON) -> Finished:
    """Run a job of a project in this process: what it tells is entered into the catalogue, then shown."""
    return console.run(
        tasks.run(job), project.folder, lambda event: project.record(event, job), when_cancelled
    )
