"""The command line as a whole: every option says what it does, and what has to be typed is understood."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.cli.parser import build_parser


def leaves(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """All commands that can be run."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for group in groups:
        for command in group.choices.values():
            yield from leaves(command)
    if not groups:
        yield parser


COMMANDS = {parser.prog: parser for parser in leaves(build_parser())}


def test_the_commands() -> None:
    assert {" ".join(prog.split()[1:]) for prog in COMMANDS} == {
        "new", "import", "remove", "status", "learn", "adapt", "generate", "sheet", "verdict", "export", "demo",
        "embedding list", "embedding keep", "embedding import", "embedding export",
        "backbone list", "backbone check", "backbone download", "backbone pretrain",
        "backbone evaluate", "train", "evaluate", "compare",
        "inspect", "report", "detector export",
    }  # fmt: skip


@pytest.mark.parametrize("prog", COMMANDS)
def test_every_argument_says_what_it_is(prog: str) -> None:
    for action in COMMANDS[prog]._actions:
        assert action.help, action.dest


@pytest.mark.parametrize("prog", COMMANDS)
def test_the_usage_can_be_typed_as_it_stands(prog: str) -> None:
    usage = COMMANDS[prog].format_usage().removeprefix("usage: anogen ").strip()
    values = {"VERDICT": "accepted", "FORMAT": "coco", "M": "5", "N": "5"}
    optional = ("[options]", "[SAMPLE", "…]", "…", "[P]")
    typed = [values.get(word, word) for word in usage.split() if word not in optional]
    assert build_parser().parse_args(typed).command is not None


@pytest.mark.parametrize("prog", COMMANDS)
def test_the_examples_can_be_typed(prog: str) -> None:
    _, examples = COMMANDS[prog].format_help().split("\nexample")
    lines = [line.strip().split(" > ")[0] for line in examples.splitlines()[1:]]
    assert lines
    for line in lines:
        assert build_parser().parse_args(line.removeprefix("anogen ").split()).command is not None


def test_the_documented_path_is_understood() -> None:
    """The three lines that the README and the issue begin with."""
    parse = build_parser().parse_args
    assert parse(["new", "P"]).project == "P"
    assert parse(["import", "P", "../shared/data/cookie"]).sources == [Path("../shared/data/cookie")]
    words = "learn P --anomaly cracked --support anomaly-1 --support anomaly-10 --support anomaly-20"
    learn = parse(words.split())
    assert (learn.anomaly, learn.support) == ("cracked", ["anomaly-1", "anomaly-10", "anomaly-20"])
    generate = parse(["generate", "P", "--anomaly", "cracked", "--count", "8", "--seed", "7"])
    assert (generate.count, generate.seed) == (8, 7)
