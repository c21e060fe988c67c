"""`python -m tests.benchmarks.worth P …`: what samples are worth to detectors, in projects with test photos.

Every detector is trained with each seed twice, without samples and with all of them, and both are measured on the test
photos that nothing was learned from. What is trained already is not trained again: a run that was cut off goes on.
Prints a table: without samples → with them; beside each seed where the difference lies in 95 of 100 drawings of photos.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from tests.engine.detection.teachers import REAL_TEACHER

_METRICS = ("image AUROC", "image AP", "pixel AUROC", "pixel AP", "AUPRO")
_RECIPES = ("baseline", "anogen")

Figures = Mapping[str, Mapping[str, Any]]  # by their names, as `anogen compare` writes them


def main() -> None:
    arguments = _parsed()
    print(_row("", _METRICS), _row("---", ["---"] * len(_METRICS)), sep="\n", flush=True)
    for project in arguments.projects:
        for detector in arguments.detectors:
            seeds = []
            for seed in arguments.seeds:
                options = [*_options(detector, arguments.steps), "--seed", str(seed)]
                seeds.append(_compared(project, options))
                print(
                    _row(f"{project.name}, {detector}, seed {seed}", map(_cell, _of(seeds[-1]))), flush=True
                )
            print(_row(f"{project.name}, {detector}, mean", map(_change, zip(*map(_of, seeds), strict=True))))


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.worth", description=__doc__)
    parser.add_argument("projects", metavar="P", nargs="+", type=Path)
    parser.add_argument("--detectors", nargs="+", default=["draem", "destseg"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1])
    parser.add_argument("--steps", type=int, help="default: the preset's own")
    return parser.parse_args()


def _options(detector: str, steps: int | None) -> list[str]:
    options = ["--detector", detector]
    if detector == "destseg":
        options += ["--teacher", str(REAL_TEACHER)]
    return options if steps is None else [*options, "--steps", str(steps)]


def _compared(project: Path, options: list[str]) -> Figures:
    """Train with each recipe; the figures of both, on the test photos."""
    runs = [_trained(project, [*options, "--recipe", recipe]) for recipe in _RECIPES]
    file = [each["path"] for each in _anogen("compare", project, *runs) if each["event"] == "FileWritten"][-1]
    return {each["name"]: each for each in json.loads((project / file).read_text())["figures"]}


def _trained(project: Path, options: list[str]) -> str:
    """The name of the run that has the detector."""
    events = _anogen("train", project, "--all", *options)
    return next(Path(each["path"]).parent.name for each in events if each["event"] == "FileWritten")


def _anogen(*words: object) -> Iterator[dict[str, Any]]:
    """The events of a command. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", "engine.cli", *map(str, words), "--json"]
    result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return map(json.loads, result.stdout.splitlines())


def _of(figures: Figures) -> list[Mapping[str, Any]]:
    return [figures[name] for name in _METRICS]


def _cell(figure: Mapping[str, Any]) -> str:
    low, high = figure["interval"]
    return f"{_change([figure])} ({low:+.2f} to {high:+.2f})"


def _change(figures: Sequence[Mapping[str, Any]]) -> str:
    """Of a figure with each seed: the means of both recipes."""
    return " → ".join(f"{fmean(each[side] for each in figures):.2f}" for side in ("before", "after"))


def _row(name: str, cells: Iterable[str]) -> str:
    return f"| {' | '.join([name, *cells])} |"


if __name__ == "__main__":
    main()
