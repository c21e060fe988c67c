"""The commands *embedding list*, *import* and *export*."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from engine.cli.console import Console, opened
from engine.cli.job_commands import lasting_reference
from engine.cli.parser import Commands, add_project
from engine.data.files import safe_name
from engine.errors import EngineError
from engine.protocol import EmbeddingWritten, FileWritten

_IMPORT = """\
Reads AnoGen's embeddings.pt and the textual inversion files of diffusers and A1111 (.pt, .bin,
.safetensors). Nothing in a file is executed. An embedding only works with the backbone that it
was learned on, and such files do not say which: name it with --backbone."""


def add(commands: Commands) -> None:
    """Add the commands to the command line."""
    group = commands.add_group("embedding", "list, import and export anomaly embeddings")
    parser = group.add("list", _list, "list the embeddings of a project", "", "anogen embedding list P")
    add_project(parser)
    parser.add_argument("--anomaly", metavar="A", help="only those of this anomaly class")
    example = (
        "anogen embedding import P embeddings.pt --anomaly crack --backbone CompVis/ldm-text2im-large-256"
    )
    parser = group.add("import", _import, "bring in an embedding of another program", _IMPORT, example)
    add_project(parser)
    parser.add_argument("file", metavar="FILE", type=Path)
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
    parser.add_argument("--out", metavar="FILE", type=Path, required=True)
    parser.add_argument(
        "--token", metavar="TOKEN", default="", help="the word that stands for it; by default <A>"
    )


def _list(arguments: argparse.Namespace, console: Console) -> None:
    with opened(arguments.project, console) as project:
        anomaly = project.anomaly(arguments.anomaly).name if arguments.anomaly else None
        rows = [row for row in project.embeddings(anomaly) if not row.is_missing]
    for row in rows:
        facts = {name: getattr(row, name) for name in ("name", "anomaly", "backbone", "steps", "created")}
        made = row.created.replace("T", " ")[:16]
        console.tell(facts, f"{row.name}  “{row.anomaly}”, {row.steps} steps on {row.backbone}, {made}")
    if not rows:
        console.say(f"No embedding yet. Learn one: anogen learn {arguments.project} --anomaly NAME")


def _import(arguments: argparse.Namespace, console: Console) -> None:
    from engine.diffusion.backbone.catalogue import check_backbone
    from engine.diffusion.foreign_embeddings import import_embedding

    name = safe_name(arguments.name or arguments.file.stem)
    with opened(arguments.project, console) as project:
        report = check_backbone(lasting_reference(arguments.backbone), project.folder)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        path = f"embeddings/{safe_name(arguments.anomaly)}/{name}.safetensors"
        if (project.folder / path).exists():
            raise EngineError(f"There is an embedding {path} already.", "Choose another name with --name.")
        embedding = import_embedding(
            arguments.file, report, arguments.anomaly, name, token=arguments.token, created=now
        )
        project.add_anomaly(arguments.anomaly)
        embedding.save(project.folder / path)
        event = EmbeddingWritten(
            anomaly=arguments.anomaly, name=name, path=path, backbone=report.reference, steps=0
        )
        project.record(event)
        console.show(event, project.folder)


def _export(arguments: argparse.Namespace, console: Console) -> None:
    from engine.diffusion.embedding import AnomalyEmbedding
    from engine.diffusion.foreign_embeddings import export_embedding

    out = arguments.out.expanduser().absolute()
    with opened(arguments.project, console) as project:
        row = project.embedding(arguments.anomaly, arguments.embedding)
        embedding = AnomalyEmbedding.load(project.folder / row.path)
    token = export_embedding(embedding, out, arguments.token)
    console.show(FileWritten(path=str(out), what=f"“{token}” for {embedding.backbone}"))
