"""What is read of trainings from the folder of a project."""

from functools import partial

from anogen_gui.model.training_reading import read_training
from engine.project import Project
from tests.anogen_gui.model.training_runs import train_job, write_figures, write_training

RUN = "draem-anogen-light-1"


def test_figures_that_count_a_photo_that_was_learned_from_since_are_not_told(product: Project) -> None:
    job = train_job(product, recipe="baseline")
    read = partial(read_training, product.folder, write_training(product, job, RUN), job)
    write_figures(product, RUN, photos=["photos/test/a.png", "photos/test/b.png"])
    fair = read(frozenset({"photos/test/c.png"}))
    assert fair.figures
    assert not fair.is_outdated
    outdated = read(frozenset({"photos/test/b.png"}))
    assert not outdated.figures
    assert outdated.is_outdated
    assert outdated.steps == fair.steps, "the detector is what it was"


def test_what_was_never_measured_is_not_outdated(product: Project) -> None:
    job = train_job(product, recipe="baseline")
    training = read_training(
        product.folder, write_training(product, job, RUN), job, frozenset({"photos/test/b.png"})
    )
    assert (training.figures, training.is_outdated) == ({}, False)
