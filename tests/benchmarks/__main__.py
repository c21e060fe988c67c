"""`python -m tests.benchmarks [inversion | generation | memory | live] …`: ratios; it fails where one is missed."""

import argparse
import sys
from collections.abc import Callable

from engine.threads import spin_briefly


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "what", nargs="*", choices=["inversion", "generation", "memory", "live", []], help="default: all"
    )
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
    arguments = parser.parse_args()
    spin_briefly()  # before torch is loaded

    from engine.device import describe_device, tune_cpu
    from tests.benchmarks.generation import measure_generation
    from tests.benchmarks.inversion import measure_inversion
    from tests.benchmarks.live import measure_live
    from tests.benchmarks.memory import measure_memory
    from tests.benchmarks.report import Row, header

    tune_cpu()
    measures: dict[str, Callable[[], list[Row]]] = {
        "inversion": lambda: measure_inversion(arguments.backbone, arguments.upstream_steps, arguments.side),
        "generation": lambda: measure_generation(arguments.backbone, arguments.count),
        "memory": lambda: measure_memory(arguments.backbone),
        "live": lambda: measure_live(arguments.backbone),
    }
    print(f"{describe_device()}, backbone {arguments.backbone}\n{header()}", flush=True)
    rows: list[Row] = []
    for name in arguments.what or measures:
        for row in measures[name]():
            rows.append(row)
            print(row, flush=True)
    return int(any(row.ratio < row.wanted for row in rows))


if __name__ == "__main__":
    sys.exit(main())
