"""`anogen`: the studio's jobs from a terminal. See `anogen --help`."""

import sys


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code: 0, 1 for what could not be done, 130 after Ctrl-C.

    Raises:
        SystemExit: with 2 for a command that was not understood, with 0 after `--help`.
    """
    words = sys.argv[1:] if argv is None else argv
    try:  # the imports are in here since Ctrl-C may come before all is loaded
        from engine.cli.loading import load

        run, parser = load()
        return run(parser, words)
    except KeyboardInterrupt:
        return _cancelled("--json" in words)


def _cancelled(is_json: bool) -> int:
    """Tell that Ctrl-C was pressed before there was a console to tell it; returns the exit code."""
    if is_json:
        print('{"event":"Finished","outcome":"cancelled","message":"Cancelled."}', flush=True)
    else:
        print("Cancelled.", file=sys.stderr, flush=True)
    return 130
