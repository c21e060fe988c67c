"""`anogen`: the studio's jobs from a terminal. See `anogen --help`."""

import sys
from argparse import Namespace
from collections.abc import Sequence

from engine.cli.console import Console, open_console
from engine.cli.display import silence_stdout
from engine.cli.parser import build_parser
from engine.protocol import Finished
from engine.supervision import failure


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0, 1 for what could not be done, 130 after Ctrl-C.

    Raises:
        SystemExit: with 2 for a command that was not understood, with 0 after `--help`.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that knows no “ is no reason to fail
    arguments = build_parser().parse_args(argv)
    try:
        with open_console(arguments.json, arguments.debug) as console:
            return console.finish(_carried_out(arguments, console))
    except BrokenPipeError:
        silence_stdout()
        return 1


def _carried_out(arguments: Namespace, console: Console) -> Finished:
    """How the command ended; whatever went wrong is one sentence in it."""
    try:
        finished: Finished | None = arguments.command(arguments, console)
        return finished or Finished(outcome="done")
    except KeyboardInterrupt:
        return Finished(outcome="cancelled", message="Cancelled.")
    except BrokenPipeError:
        raise
    except Exception as error:
        return failure(error)
