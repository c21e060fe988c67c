"""Loading the command line, while Ctrl-C waits."""

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable

from engine.threads import spin_briefly

Run = Callable[[ArgumentParser, list[str]], int]


def load() -> tuple[Run, ArgumentParser]:
    """What runs a command, and what reads the command line.

    Ctrl-C waits until they are loaded: thrown into the middle of numpy's own start, it crashes the process.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed meanwhile.
    """
    pressed: list[int] = []
    is_heard = _is_ctrl_c_heard()
    if is_heard:
        signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    try:
        spin_briefly()  # before numpy is loaded
        from engine.cli.command import run
        from engine.cli.parser import build_parser

        parser = build_parser()
    finally:
        if is_heard:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    if pressed:
        raise KeyboardInterrupt
    return run, parser


def _is_ctrl_c_heard() -> bool:
    """Does Ctrl-C raise KeyboardInterrupt here? Not in a thread, and not in what a shell started with `&`."""
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler
