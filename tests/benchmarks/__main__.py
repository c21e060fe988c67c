"""`python -m tests.benchmarks [NAME …]`: fails where a ratio is missed."""

import argparse
import sys
from collections.abc import Iterable

from tests.benchmarks.report import Row, header

_OF_THE_ENGINE = ("inversion", "generation", "memory", "live", "detectors")
_ALL = (*_OF_THE_ENGINE, "window")


def main() -> int:
    arguments = _parsed()
    what = arguments.what or _ALL
    if set(what) & set(_OF_THE_ENGINE):
        print(f"{_prepare_engine()}, backbone {arguments.backbone}", flush=True)
    print(header(), flush=True)
    rows: list[Row] = []
    for name in what:
        for row in _measure(name, arguments):
            rows.append(row)
            print(row, flush=True)
    return int(any(row.ratio < row.wanted for row in rows))


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("what", nargs="*", choices=[*_ALL, []], help="default: all")
    parser.add_argument("--backbone", default="embedded", help="name, folder or hub id [default %(default)s]")
    parser.add_argument("--count", type=int, default=8, help="samples a profile [default %(default)s]")
    parser.add_argument(
        "--upstream-steps",
        type=int,
        default=600,
        help="steps of upstream's 6100 to run [default %(default)s]",
    )
    parser.add_argument(
        "--side", type=int, help="crops of so many pixels in stage 1 [default: the backbone's own]"
    )
    return parser.parse_args()


def _prepare_engine() -> str:
    """Compute as the engine does; what it computes on."""
    from engine.threads import spin_briefly

    spin_briefly()  # before torch is loaded
    from engine.device import describe_device, tune_cpu

    tune_cpu()
    return describe_device()


def _measure(name: str, arguments: argparse.Namespace) -> Iterable[Row]:
    match name:
        case "inversion":
            from tests.benchmarks.inversion import measure_inversion

            return measure_inversion(arguments.backbone, arguments.upstream_steps, arguments.side)
        case "generation":
            from tests.benchmarks.generation import measure_generation

            return measure_generation(arguments.backbone, arguments.count)
        case "memory":
            from tests.benchmarks.memory import measure_memory

            return measure_memory(arguments.backbone)
        case "live":
            from tests.benchmarks.live import measure_live

            return measure_live(arguments.backbone)
        case "detectors":
            from tests.benchmarks.detectors import measure_detectors

            return measure_detectors()
        case _:
            from tests.benchmarks.window import measure_window

            return measure_window()


if __name__ == "__main__":
    sys.exit(main())
