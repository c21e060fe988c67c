"""One command: read, carried out, ended with exactly one Finished."""

import sys
from argparse import ArgumentParser, Namespace

from engine.cli.console import Console, open_console
from engine.cli.display import silence_stdout
from engine.cli.parser import NotUnderstood
from engine.protocol import Finished
from engine.supervision import failure


def run(parser: ArgumentParser, words: list[str]) -> int:
    """Run the command that was typed; returns its exit code.

    Raises:
        SystemExit: with 2 for a command that was not understood, with 0 after `--help`.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that knows no “ is no reason to fail
    try:
        arguments = parser.parse_args(words)
        with open_console(arguments.json, arguments.debug) as console:
            return console.finish(_carried_out(arguments, console))
    except NotUnderstood as end:
        if "--json" in words:
            with open_console(is_json=True, is_debug=False) as console:
                console.finish(Finished(outcome="failed", message=end.message, hint=end.hint))
        raise
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
