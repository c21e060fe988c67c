"""The command *status*: what is in a project, and what to do next."""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from engine.cli.console import Console, opened_to_read
from engine.cli.display import counted, shown_path
from engine.cli.parser import Commands, add_project
from engine.project import Project

_ROLES = ("good", "bad", "test")
_VERDICTS = ("accepted", "rejected", "undecided")
_SHOWN = 8
_SUPPORTS = 3  # suggested, where a person has chosen none


def add(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = commands.add(
        "status",
        status,
        "tell what is in a project, and what to do next",
        "Works while another process has the project open, too.",
        "anogen status P",
    )
    add_project(parser)
    parser.add_argument(
        "--rebuild",
        action="store_true",
        help="make the catalogue anew from its backup and the project's files, where it is damaged or gone",
    )


def status(arguments: argparse.Namespace, console: Console) -> None:
    """Tell what is in the project."""
    with _open(arguments, console) as project:
        facts = project_facts(project)
    console.tell(facts, _text(facts, arguments.project))


def _open(arguments: argparse.Namespace, console: Console) -> Project:
    if arguments.rebuild:
        return Project.rebuild(arguments.project)
    return opened_to_read(arguments.project, console)


def project_facts(project: Project) -> dict[str, Any]:
    """What is in the project, as `--json` tells it."""
    photos = project.photos()
    deleted = [photo.path for photo in photos if not (project.folder / photo.path).is_file()]
    runs = [{"name": run.name, "state": run.state, "message": run.message} for run in project.runs()]
    return {
        "project": str(project.folder),
        "photos": {role: sum(photo.role == role for photo in photos) for role in _ROLES},
        "anomalies": [_anomaly_facts(project, anomaly.name) for anomaly in project.anomalies()],
        "boxes": len(project.boxes()),
        "runs": runs,
        "missing": [shown_path(path, project.folder) for path in deleted],
    }


def _anomaly_facts(project: Project, name: str) -> dict[str, Any]:
    photos = project.photos(anomaly=name)
    verdicts: Counter[str] = Counter(sample.verdict for sample in project.samples(anomaly=name))
    return {
        "name": name,
        "photos": len(photos),
        "masks": [photo.name for photo in photos if photo.mask],
        "supports": [photo.name for photo in project.chosen_supports(name)],
        "embeddings": [row.name for row in project.embeddings(name)],
        "samples": {verdict: verdicts[verdict] for verdict in _VERDICTS},
    }


def _text(facts: dict[str, Any], typed: str) -> str:
    photos = facts["photos"]
    lines = [
        f"Project {facts['project']}",
        f"Photos: {', '.join(f'{photos[role]} {role}' for role in _ROLES)}",
    ]
    for anomaly in facts["anomalies"]:
        lines += _anomaly_lines(anomaly)
    cut_off = [run["name"] or "one without a name" for run in facts["runs"] if run["state"] == "interrupted"]
    if cut_off:
        lines.append(f"Interrupted: {_listed(cut_off)} (start the same command again to go on)")
    if facts["missing"]:
        lines.append(f"Deleted since they were imported: {_listed(facts['missing'])}")
    return "\n".join([*lines, f"Next: {next_step(facts, typed)}"])


def _anomaly_lines(anomaly: dict[str, Any]) -> list[str]:
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in anomaly["samples"].items() if count)
    masks = len(anomaly["masks"])
    return [
        f"Anomaly class “{anomaly['name']}”: {counted(anomaly['photos'], 'photo')}, {masks} with a mask",
        f"  support photos: {_listed(anomaly['supports'])}",
        f"  embeddings: {_listed(anomaly['embeddings'])}",
        f"  samples: {verdicts or 'none yet'}",
    ]


def next_step(facts: dict[str, Any], typed: str) -> str:
    """The command that brings a person further; `typed` is the project as it was typed."""
    project = as_word(typed)
    if not facts["photos"]["good"]:
        return f"anogen import {project} FOLDER-WITH-PHOTOS"
    with_masks = [anomaly for anomaly in facts["anomalies"] if anomaly["masks"]]
    if not with_masks:
        return f"anogen import {project} FOLDER-WITH-BAD-PHOTOS --anomaly NAME --masks FOLDER-WITH-MASKS"
    learned = [anomaly for anomaly in with_masks if anomaly["embeddings"]]
    if not learned:
        anomaly = with_masks[0]
        supports = " ".join(map(as_word, (anomaly["supports"] or anomaly["masks"])[:_SUPPORTS]))
        return f"anogen learn {project} --anomaly {as_word(anomaly['name'])} --support {supports}"
    sampled = [anomaly for anomaly in learned if any(anomaly["samples"].values())]
    if not sampled:
        return f"anogen generate {project} --anomaly {as_word(learned[0]['name'])} --count 8"
    return f"anogen sheet {project} --out {as_word(f'{Path(typed).name}.png')}"


def as_word(text: str) -> str:
    """`text` as one word of a command, as every shell reads it."""
    return f'"{text}"' if " " in text else text


def _listed(names: list[str]) -> str:
    more = f", … and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more if names else "none yet"
