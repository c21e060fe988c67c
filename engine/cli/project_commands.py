"""Commands on a project that compute nothing: new, import, remove, status, verdict, export, sheet."""

import argparse
from collections.abc import Generator
from pathlib import Path

from engine.cli import status
from engine.cli.console import GO_ON, Console, as_events, opened, opened_to_read
from engine.cli.display import counted
from engine.cli.parser import Commands, add_project, parse_path
from engine.cli.sheets import sheet
from engine.cli.verdicts import verdict
from engine.errors import EngineError
from engine.project import Project
from engine.project.exporting import export_samples
from engine.project.importing import import_layout
from engine.project.layouts import recognise_all
from engine.protocol import Event, FileRefused, FileWritten, Finished, PhotoImported

_NEW = """\
A project is a folder that holds your photos, what is learned from them and what is generated.
The folder must be empty or not there yet."""

_VERDICT = """\
Look at the samples first, with `anogen sheet` or in the folder P/samples. Only accepted ones are
exported, unless `anogen export --all` is used."""

_VERDICT_EXAMPLES = """\
anogen verdict P accepted 00003-good-17 00004-good-2
anogen verdict P rejected --all"""

_EXPORT = """\
Exports the accepted samples (see `anogen verdict`), or all of them with --all: photos with
anomalies and their masks, in one of three layouts.
  mvtec   train/good, test/crack and ground_truth/crack, as in the MVTec AD data set
  coco    one annotations.json with outlines and boxes, beside the images
  yolo    a text file of boxes for each image, and data.yaml"""

_IMPORT = """\
Known are MVTec's layout (train/good, test/crack, ground_truth/crack) and plain folders
(good, bad, test, masks, with subfolders named after the anomaly). A mask is a black and
white picture of the photo's size, white on the anomaly, with the photo's name (003.png or
003_mask.png). Photos are copied; importing again adds only what is new. A file that cannot
be used is listed at the end with its reason, and keeps none of the others out."""

_REMOVE = """\
For a photo that is wrong or bad. It is neither learned from, nor generated on, nor measured on
any more; samples that were made on it stay. Import the same file again to have it back.
The copy in P goes the next time that the project is opened, unless samples or embeddings were
made from it; your own file is never touched."""


def add_start(commands: Commands) -> None:
    """Add the commands that a project begins with."""
    parser = commands.add("new", _new, "make a new project", _NEW, "anogen new P")
    add_project(parser)
    _add_import(commands)
    _add_remove(commands)
    status.add(commands)


def add_end(commands: Commands) -> None:
    """Add the commands that look at samples and hand them on."""
    _add_sheet(commands)
    _add_verdict(commands)
    _add_export(commands)


def _add_import(commands: Commands) -> None:
    example = (
        "anogen import P my/photos\n"
        "anogen import P new/bad --anomaly crack --masks new/masks\n"
        "anogen import P today/1.png today/2.png --role good"
    )
    parser = commands.add("import", _import, "copy photos and masks into a project", _IMPORT, example)
    add_project(parser)
    parser.add_argument(
        "sources",
        metavar="SOURCE",
        nargs="+",
        type=parse_path,
        help="a folder of photos, or one photo; or several",
    )
    parser.add_argument(
        "--role", choices=["good", "bad", "test"], help="what the photos are, where the folders do not say so"
    )
    parser.add_argument("--anomaly", metavar="A", help="what the bad photos show, for example crack")
    parser.add_argument(
        "--masks",
        "--mask",
        metavar="PATH",
        type=parse_path,
        help="folder with the masks, or the mask of one photo",
    )


def _add_remove(commands: Commands) -> None:
    parser = commands.add(
        "remove",
        _remove,
        "take photos out of a project",
        _REMOVE,
        "anogen remove P good/017 crack/003\nanogen remove P my/photos/good/017.png",
    )
    add_project(parser)
    parser.add_argument(
        "photos",
        metavar="PHOTO",
        nargs="+",
        help="name of a photo, the end of its path in P/photos, or the file that it was imported from",
    )


def _add_verdict(commands: Commands) -> None:
    parser = commands.add("verdict", verdict, "accept or reject samples", _VERDICT, _VERDICT_EXAMPLES)
    add_project(parser)
    parser.add_argument(
        "verdict",
        metavar="VERDICT",
        choices=["accepted", "rejected", "undecided"],
        help="accepted, rejected or undecided",
    )
    parser.add_argument("samples", metavar="SAMPLE", nargs="*", help="file, name or number of a sample")
    parser.add_argument("--all", action="store_true", help="all samples")
    parser.add_argument("--anomaly", metavar="A", help="with --all: only those of this anomaly class")


def _add_sheet(commands: Commands) -> None:
    parser = commands.add(
        "sheet",
        sheet,
        "put supports, boxes and up to 16 samples on one picture",
        "Shows the newest samples that were not rejected.",
        "anogen sheet P --out sheet.png --anomaly crack",
    )
    add_project(parser)
    parser.add_argument("--out", metavar="FILE", type=parse_path, required=True, help="the PNG to write")
    parser.add_argument("--anomaly", metavar="A", help="only samples of this anomaly class")


def _add_export(commands: Commands) -> None:
    parser = commands.add(
        "export",
        _export,
        "write samples in a layout that trainers read",
        _EXPORT,
        "anogen export P --format coco --out for-training --all",
    )
    add_project(parser)
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        choices=["mvtec", "coco", "yolo"],
        required=True,
        help="mvtec, coco or yolo",
    )
    parser.add_argument("--out", metavar="D", type=parse_path, required=True, help="a new folder")
    parser.add_argument("--all", action="store_true", help="export all samples, whatever their verdict")


def _new(arguments: argparse.Namespace, console: Console) -> None:
    with Project.create(arguments.project) as project:
        console.show(FileWritten(path=str(project.folder), what="project"))
        console.say(f"Next: {status.next_step(status.project_facts(project), arguments.project)}")


def _import(arguments: argparse.Namespace, console: Console) -> Finished:
    with opened(arguments.project, console) as project:
        finished = console.run(_imported(project, arguments), Path.cwd(), when_cancelled=GO_ON)
        console.finish(finished)
        if finished.outcome == "done":
            console.say(f"Next: {status.next_step(status.project_facts(project), arguments.project)}")
    return finished


def _imported(project: Project, arguments: argparse.Namespace) -> Generator[Event, None, None]:
    """Import. Raises EngineError when no file could be used."""
    photos = 0
    refused: list[FileRefused] = []
    role, sources = arguments.role, arguments.sources
    layout = recognise_all(sources, role, arguments.anomaly, arguments.masks)
    for event in import_layout(project, layout, is_role_explicit=role is not None):
        photos += isinstance(event, PhotoImported)
        if isinstance(event, FileRefused):
            refused.append(event)
        yield event
    if photos or not refused:
        return
    if len(refused) == 1:
        raise EngineError(refused[0].reason, "Nothing was imported.")
    where = f" in {sources[0]}" if len(sources) == 1 else ""
    raise EngineError(
        f"None of the {len(refused)} files{where} could be imported.", "The reasons are listed above."
    )


def _remove(arguments: argparse.Namespace, console: Console) -> None:
    with opened(arguments.project, console) as project:
        found = {photo.id: photo for photo in map(project.find_photo, arguments.photos)}
        removed = [photo.path for photo in project.set_removed(list(found.values()), True)]
    console.tell({"removed": removed}, f"Removed {counted(len(removed), 'photo')}: {', '.join(removed)}.")


def _export(arguments: argparse.Namespace, console: Console) -> Finished:
    with opened_to_read(arguments.project, console) as project:
        events = export_samples(project, arguments.format, arguments.out, arguments.all)
        return console.run(as_events(events), project.folder, when_cancelled=GO_ON)
