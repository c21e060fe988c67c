"""The command *report*: what a detector finds and misses, to hand on."""

import argparse

from engine.cli.console import Console, as_events, opened_to_read
from engine.cli.parser import Commands, add_project, add_run, parse_path
from engine.protocol import Finished
from engine.reporting.report import write_report

_ABOUT = """\
What a detector finds and misses on the test photos, in words that need no explanation: how many
anomalies were missed and good photos rejected, with intervals; the photos with their heatmaps;
what it was trained on, real and synthetic apart; settings with hashes; and what is not known.
Written are report.html (one file, with all its pictures), report.pdf, and scores.csv. Evaluate
the run first."""


def add(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = commands.add(
        "report",
        _report,
        "write a report of a trained detector",
        _ABOUT,
        "anogen report P draem-anogen-light-2e87658220 --out for-the-line",
    )
    add_project(parser)
    add_run(parser)
    parser.add_argument("--out", metavar="D", type=parse_path, required=True, help="the folder to write into")


def _report(arguments: argparse.Namespace, console: Console) -> Finished:
    with opened_to_read(arguments.project, console) as project:
        events = write_report(project, arguments.run, arguments.out)
        return console.run(as_events(events), project.folder)
