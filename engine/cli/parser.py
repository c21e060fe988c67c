"""The command line: every command with its options and a help that a newcomer understands."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from engine.version import software

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
exit codes: 0 done, 1 it could not be done, 2 the command was not understood, 130 stopped with Ctrl-C
"""

_WIDEST_NAME = 24


def build_parser() -> argparse.ArgumentParser:
    """The parser; `command` of what it parses is the function that carries the command out."""
    from engine.cli import (
        backbone_commands,
        demo,
        detector_commands,
        detector_export,
        embedding_commands,
        job_commands,
        project_commands,
        report_command,
    )

    parser = _Parser(
        prog="anogen", usage="anogen COMMAND …", description=_ABOUT, epilog=_PATH, formatter_class=_Help
    )
    parser.add_argument("--version", action="version", version=software())
    commands = Commands(
        parser.add_subparsers(title="commands", metavar="COMMAND", required=True, prog="anogen")
    )
    project_commands.add_start(commands)
    job_commands.add(commands)
    project_commands.add_end(commands)
    detector_commands.add(commands)
    detector_export.add(commands)
    report_command.add(commands)
    embedding_commands.add(commands)
    backbone_commands.add(commands)
    demo.add(commands)
    commands.complete()
    return parser


class NotUnderstood(SystemExit):
    """Ends the program with 2: `message` is argparse's sentence about what was typed."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(2)
        self.message = message
        self.hint = hint


class _Parser(argparse.ArgumentParser):
    """Tells what it did not understand, and hands it on."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        print(f"{self.prog}: error: {message}", file=sys.stderr)
        raise NotUnderstood(message, f"See `{self.prog} --help`.")


class _Help(argparse.RawDescriptionHelpFormatter):
    """Descriptions and examples as they were written, and room for the longest command's name."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=_WIDEST_NAME)

    def add_argument(self, action: argparse.Action) -> None:
        """Leave room for the longest name in a list of commands: argparse forgets that it is indented."""
        super().add_argument(action)
        if isinstance(action, argparse._SubParsersAction):
            self._action_max_length += self._indent_increment


class Commands:
    """Commands being added to the command line."""

    def __init__(self, subparsers: Any) -> None:
        self._subparsers = subparsers
        self._parsers: list[argparse.ArgumentParser] = []
        self._groups: list[Commands] = []

    def add(
        self, name: str, command: Callable[..., Any], help_text: str, about: str, example: str
    ) -> argparse.ArgumentParser:
        """Add a command: its line in the list of commands, more for its own help, examples (one a line)."""
        parser = self._parser(name, help_text, about, _examples(example))
        parser.set_defaults(command=command)
        self._parsers.append(parser)
        return parser

    def add_group(self, name: str, help_text: str, about: str = "") -> "Commands":
        """Add a command that has commands of its own."""
        parser = self._parser(name, help_text, about, f"`anogen {name} COMMAND --help` explains a command.")
        parser.usage = f"{parser.prog} COMMAND …"
        group = Commands(
            parser.add_subparsers(title="commands", metavar="COMMAND", required=True, prog=parser.prog)
        )
        self._groups.append(group)
        return group

    def complete(self) -> None:
        """Give every command its usage, and `--json` and `--debug` below its own options."""
        for parser in self._parsers:
            parser.usage = _usage(parser)
            options = parser.add_argument_group("output")
            options.add_argument(
                "--json",
                action="store_true",
                help="print one JSON object a line, an event each; the last one is Finished",
            )
            options.add_argument("--debug", action="store_true", help="show the details of an error")
        for group in self._groups:
            group.complete()

    def _parser(self, name: str, help_text: str, about: str, epilog: str) -> argparse.ArgumentParser:
        first = f"{help_text[0].upper()}{help_text[1:]}."
        parser: argparse.ArgumentParser = self._subparsers.add_parser(
            name,
            help=help_text,
            description=f"{first}\n\n{about}" if about else first,
            epilog=epilog,
            formatter_class=_Help,
            allow_abbrev=False,
        )
        return parser


def add_project(parser: argparse.ArgumentParser, metavar: str = "P") -> None:
    """The folder of the project, first of all."""
    parser.add_argument("project", metavar=metavar, type=_parse_project, help="the project's folder")


def add_run(parser: argparse.ArgumentParser, metavar: str = "RUN") -> None:
    """A training of the project."""
    parser.add_argument(
        metavar.lower(), metavar=metavar, help="a training: its folder's name in P/runs, or how that begins"
    )


def parse_path(text: str) -> Path:
    """A file or folder. Raises argparse.ArgumentTypeError for an empty text, which would be the current folder."""
    if not text:
        raise argparse.ArgumentTypeError(
            "an empty name is no file or folder (the current folder is called .)"
        )
    return Path(text)


def _parse_project(text: str) -> str:
    return str(parse_path(text))


def _usage(parser: argparse.ArgumentParser) -> str:
    """What has to be typed, in an order that works: an option of several values would eat what follows it."""
    words = [parser.prog]
    for action in parser._actions:
        if not action.option_strings:
            words.append(
                {"+": "{} …", "*": "[{} …]", "?": "[{}]"}.get(str(action.nargs), "{}").format(action.metavar)
            )
        elif action.required:
            words.append(f"{action.option_strings[-1]} {action.metavar}")
    return " ".join([*words, "[options]"])


def _examples(text: str) -> str:
    lines = text.strip().splitlines()
    return "\n".join(["examples:" if len(lines) > 1 else "example:", *(f"  {line}" for line in lines)])
