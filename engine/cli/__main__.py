"""`python -m engine.cli`: the same as `anogen`."""

import sys

from engine.cli import main

if __name__ == "__main__":
    sys.exit(main())
