"""From jobs to what carries them out."""

import inspect
from importlib import import_module
from typing import get_args, get_type_hints

import pytest

from engine import tasks
from engine.protocol import AnyJob, Job

JOBS: tuple[type[Job], ...] = get_args(AnyJob)


@pytest.mark.parametrize("kind", JOBS, ids=lambda kind: kind.__name__)
def test_every_job_has_somebody_to_carry_it_out(kind: type[Job]) -> None:
    module, name = tasks._CARRIERS[kind].split(":")
    carrier = getattr(import_module(module), name)
    assert inspect.isgeneratorfunction(carrier)
    assert get_type_hints(carrier)["job"] is kind


def test_no_other_job_is_carried_out() -> None:
    assert set(tasks._CARRIERS) == set(JOBS)
    with pytest.raises(TypeError, match="nothing carries out a str"):
        list(tasks.run("no job"))  # type: ignore[arg-type]
