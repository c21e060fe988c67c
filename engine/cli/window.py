"""`anogen-gui`: what it says as long as there is no window."""

import sys


def main() -> int:
    """Say what to use instead; returns the exit code, 1."""
    print(
        "The window of AnoGen Studio is not there yet: use `anogen --help`, or `anogen demo D` for a tour.",
        file=sys.stderr,
    )
    return 1
