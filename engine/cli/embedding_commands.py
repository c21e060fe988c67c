"""The commands *embedding list*, *keep*, *import* and *export*."""

import argparse
from collections.abc import Callable
from pathlib import Path

from engine.cli.console import CANCELLED, Console, opened, opened_to_read
from engine.cli.display import counted
from engine.cli.job_commands import lasting_reference, run_job
from engine.cli.parser import Commands, add_project
from engine.errors import EngineError
from engine.project import Project
from engine.project.anomalies import check_name
from engine.protocol import ExportEmbeddingJob, Finished, ImportEmbeddingJob, KeepStepJob, LearnJob

_ABOUT = """\
An anomaly embedding is what was learned about one kind of anomaly: a few numbers that tell a
backbone what it looks like."""

_IMPORT = """\
Reads AnoGen's embeddings.pt and the textual inversion files of diffusers and A1111 (.pt, .bin,
.safetensors). Nothing in a file is executed. An embedding only works with the backbone that it
was learned on, and such files do not say which: name it with --backbone."""

_KEEP = """\
While an anomaly is learned, a sample is drawn every few steps (the strip, pictures in
P/runs/RUN/strip). Where an earlier one looks better than the last, keep its step: it becomes
an embedding of its own, and the newest one, which `anogen generate` then uses. Without --step,
the steps that can be kept are listed."""

_KEEP_EXAMPLES = """\
anogen embedding keep P --anomaly crack
anogen embedding keep P --anomaly crack --step 150"""


def add(commands: Commands) -> None:
    """Add the commands to the command line."""
    group = commands.add_group("embedding", "list, keep, import and export anomaly embeddings", _ABOUT)
    parser = group.add("list", _list, "list the embeddings of a project", "", "anogen embedding list P")
    add_project(parser)
    parser.add_argument("--anomaly", metavar="A", help="only those of this anomaly class")
    _add_keep(group)
    example = (
        "anogen embedding import P embeddings.pt --anomaly crack --backbone CompVis/ldm-text2im-large-256"
    )
    parser = group.add("import", _import, "bring in an embedding of another program", _IMPORT, example)
    add_project(parser)
    parser.add_argument("file", metavar="FILE", type=Path, help="the other program's file")
    parser.add_argument(
        "--anomaly", metavar="A", required=True, help="the anomaly class, a new one or one there is"
    )
    parser.add_argument(
        "--backbone", metavar="B", required=True, help="what it was learned on: name, folder or hub id"
    )
    parser.add_argument("--name", metavar="NAME", help="what to call it; by default the file's name")
    parser.add_argument(
        "--token", metavar="TOKEN", default="", help="which one, where the file holds several"
    )
    example = "anogen embedding export P --anomaly crack --out crack.safetensors"
    parser = group.add(
        "export",
        _export,
        "write an embedding as a textual inversion file (diffusers, safetensors)",
        "",
        example,
    )
    add_project(parser)
    parser.add_argument("--anomaly", metavar="A", required=True, help="the anomaly class")
    parser.add_argument("--embedding", metavar="NAME", help="which one; by default the newest")
    parser.add_argument(
        "--out", metavar="FILE", type=Path, required=True, help="the .safetensors file to write"
    )
    parser.add_argument(
        "--token", metavar="TOKEN", default="", help="the word that stands for it; by default <A>"
    )


def _add_keep(group: Commands) -> None:
    parser = group.add("keep", _keep, "keep an earlier step of what was learned", _KEEP, _KEEP_EXAMPLES)
    add_project(parser)
    parser.add_argument("--anomaly", metavar="A", required=True, help="the anomaly class")
    parser.add_argument(
        "--step", metavar="N", type=int, help="the step to keep, as the strip's pictures are named"
    )
    parser.add_argument(
        "--run", metavar="RUN", help="of which run, a folder in P/runs; by default the newest"
    )


def _list(arguments: argparse.Namespace, console: Console) -> None:
    with opened_to_read(arguments.project, console) as project:
        anomaly = project.anomaly(arguments.anomaly).name if arguments.anomaly else None
        rows = [row for row in project.embeddings(anomaly) if not row.is_missing]
    for row in rows:
        facts = {name: getattr(row, name) for name in ("name", "anomaly", "backbone", "steps", "created")}
        made = row.created.replace("T", " ")[:16]
        steps = counted(row.steps, "step")
        console.tell(facts, f"{row.name}  “{row.anomaly}”, {steps} on {row.backbone}, {made}")
    if not rows:
        console.say(f"No embedding yet. Learn one: anogen learn {arguments.project} --anomaly NAME")


def _keep(arguments: argparse.Namespace, console: Console) -> Finished | None:
    from engine.diffusion.keeping import kept_steps

    with opened(arguments.project, console) as project:
        anomaly = project.anomaly(arguments.anomaly).name
        run = arguments.run or _newest_run(project, anomaly, kept_steps)
        if arguments.step is not None:
            job = KeepStepJob(project=str(project.folder), run=run, step=arguments.step)
            return run_job(job, project, console, CANCELLED)
        steps = kept_steps(project.folder / "runs" / run)
        console.tell({"run": run, "steps": steps}, f"Steps of {run} that can be kept: {_listed(steps)}")
        return None


def _newest_run(project: Project, anomaly: str, kept_steps: Callable[[Path], list[int]]) -> str:
    """The last run that learned this anomaly class, and of which a step can be kept."""
    for run in reversed(project.runs()):
        is_of_anomaly = isinstance(run.job, LearnJob) and run.anomaly == anomaly
        if is_of_anomaly and run.name and kept_steps(project.folder / "runs" / run.name):
            return run.name
    raise EngineError(
        f"There is no step of “{anomaly}” that can be kept.",
        f"Learn it first: anogen learn {project.folder} --anomaly {anomaly}",
    )


def _listed(steps: list[int]) -> str:
    return ", ".join(map(str, steps)) or "none"


def _import(arguments: argparse.Namespace, console: Console) -> Finished:
    with opened(arguments.project, console) as project:
        check_name(project.catalogue, arguments.anomaly)
        job = ImportEmbeddingJob(
            project=str(project.folder),
            file=str(arguments.file.expanduser().absolute()),
            anomaly=arguments.anomaly,
            backbone=lasting_reference(arguments.backbone),
            name=arguments.name or "",
            token=arguments.token,
        )
        return run_job(job, project, console, CANCELLED)


def _export(arguments: argparse.Namespace, console: Console) -> Finished:
    out = str(arguments.out.expanduser().absolute())
    with opened_to_read(arguments.project, console) as project:
        row = project.embedding(arguments.anomaly, arguments.embedding)
        job = ExportEmbeddingJob(
            project=str(project.folder), embedding=row.path, out=out, token=arguments.token
        )
        return run_job(job, project, console, CANCELLED)
