"""`anogen`, and Ctrl-C as soon as it begins to import the module that is named first."""

import os
import signal
import sys


class CtrlC:
    """Finds no module, but presses Ctrl-C when one is asked for."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    sys.meta_path.insert(0, CtrlC)  # type: ignore[arg-type]
    from engine.cli import main

    sys.exit(main(sys.argv[2:]))
