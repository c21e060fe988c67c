"""The command line: every command with its options and a help that a newcomer understands."""

import argparse
from collections.abc import Callable
from typing import Any

from engine.server import program_version

_ABOUT = """\
From three bad photos to generated anomalies.

A project is a folder with your photos. An anomaly embedding is learned from about three
bad photos with masks; with it, the anomaly is generated inside boxes on good photos.
"""

_PATH = """\
the whole path, with photos in folders good, bad and masks (or in MVTec layout):
  anogen new P                                   a new project in the folder P
  anogen import P my/photos                      copy photos and masks into it
  anogen learn P --anomaly crack --support 003 007 012
  anogen generate P --anomaly crack --count 8 --seed 7
  anogen sheet P --out sheet.png                 look at what came out
  anogen export P --format coco --out D --all    hand it on to a trainer

`anogen COMMAND --help` explains a command. `anogen demo D` shows everything on a made-up product.
"""


def build_parser() -> argparse.ArgumentParser:
    """The parser; `command` of what it parses is the function that carries the command out."""
    from engine.cli import backbone_commands, demo, embedding_commands, job_commands, project_commands

    parser = argparse.ArgumentParser(
        prog="anogen", description=_ABOUT, epilog=_PATH, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"AnoGen Studio {program_version()}")
    commands = Commands(parser.add_subparsers(title="commands", metavar="COMMAND", required=True))
    project_commands.add(commands)
    job_commands.add(commands)
    embedding_commands.add(commands)
    backbone_commands.add(commands)
    demo.add(commands)
    commands.add_output_options()
    return parser


class Commands:
    """Commands being added to the command line."""

    def __init__(self, subparsers: Any) -> None:
        self._subparsers = subparsers
        self._parsers: list[argparse.ArgumentParser] = []
        self._groups: list[Commands] = []

    def add(
        self, name: str, command: Callable[..., Any], help_text: str, about: str = "", example: str = ""
    ) -> argparse.ArgumentParser:
        """Add a command: a line for the list of commands, more about it for its own help, and examples."""
        parser = self._parser(name, help_text, about, f"example:\n{_indented(example)}" if example else "")
        parser.set_defaults(command=command)
        self._parsers.append(parser)
        return parser

    def add_group(self, name: str, help_text: str, about: str = "") -> "Commands":
        """Add a command that has commands of its own."""
        parser = self._parser(name, help_text, about, f"`anogen {name} COMMAND --help` explains a command.")
        group = Commands(parser.add_subparsers(title="commands", metavar="COMMAND", required=True))
        self._groups.append(group)
        return group

    def add_output_options(self) -> None:
        """Give every command `--json` and `--debug`, below its own options."""
        for parser in self._parsers:
            options = parser.add_argument_group("output")
            options.add_argument(
                "--json",
                action="store_true",
                help="print one JSON object a line, an event each; the last one is Finished",
            )
            options.add_argument("--debug", action="store_true", help="show the details of an error")
        for group in self._groups:
            group.add_output_options()

    def _parser(self, name: str, help_text: str, about: str, epilog: str) -> argparse.ArgumentParser:
        first = f"{help_text[0].upper()}{help_text[1:]}."
        parser: argparse.ArgumentParser = self._subparsers.add_parser(
            name,
            help=help_text,
            description=f"{first}\n\n{about}" if about else first,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        return parser


def add_project(parser: argparse.ArgumentParser, metavar: str = "P") -> None:
    """The folder of the project, first of all."""
    parser.add_argument("project", metavar=metavar, help="the project's folder")


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.strip().splitlines())
