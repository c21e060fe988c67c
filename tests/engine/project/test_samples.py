import pytest

from engine.errors import EngineError
from engine.geometry import Box
from engine.project import Project
from engine.project.runs import run_of
from engine.protocol import (
    EmbeddingWritten,
    Event,
    Finished,
    GenerateJob,
    LearnJob,
    Placement,
    PreviewJob,
    Progress,
    Started,
    StripWritten,
    SupportPhoto,
)
from tests.engine.project.product import write_embedding, write_sample

JOB = GenerateJob(
    project="P",
    anomaly="crack",
    embedding="embeddings/crack/first.safetensors",
    placements=(Placement(photo="p.png"),),
)


def test_a_sample_is_recorded_with_all_that_it_was_made_from(product: Project) -> None:
    turned = Box(center_x=10, center_y=12, width=8, height=4, angle_deg=33)
    event = write_sample(product.folder, "s1", run="gen-1", boxes=(turned,))
    product.record(event, JOB)
    (sample,) = product.samples()
    assert (sample.path, sample.mask, sample.photo) == (event.image, event.mask, event.photo)
    assert (sample.anomaly, sample.embedding, sample.run, sample.seed) == ("crack", JOB.embedding, "gen-1", 7)
    assert sample.boxes == (turned,)
    assert sample.flags == ("near_duplicate",)
    assert (sample.verdict, sample.stars, sample.is_missing) == ("undecided", 0, False)


def test_recording_again_keeps_what_a_person_decided(product: Project) -> None:
    event = write_sample(product.folder, "s1")
    product.record(event, JOB)
    product.set_verdict(product.samples()[0].id, "accepted")
    product.set_stars(product.samples()[0].id, 4)
    product.record(event, JOB)
    (sample,) = product.samples()
    assert (sample.verdict, sample.stars) == ("accepted", 4)


def test_samples_are_listed_by_class_verdict_and_run(product: Project) -> None:
    for stem, run in (("a", "one"), ("b", "two"), ("c", "two")):
        product.record(write_sample(product.folder, stem, run=run), JOB)
    product.record(write_sample(product.folder, "d", anomaly="dent", run="two"), JOB)
    product.set_verdict(product.samples()[1].id, "rejected")
    assert [sample.path[-5] for sample in product.samples("crack", run="two")] == ["b", "c"]
    assert [sample.path[-5] for sample in product.samples(verdict="rejected")] == ["b"]
    assert [sample.anomaly for sample in product.samples("dent")] == ["dent"]


def test_paths_from_an_engine_may_be_absolute(product: Project) -> None:
    event = write_embedding(product.folder)
    absolute = str(product.folder / event.path)
    product.record(
        EmbeddingWritten(anomaly="crack", name="first", path=absolute, backbone="embedded", steps=3)
    )
    product.record(event)
    assert [row.path for row in product.embeddings("crack")] == [event.path]
    assert product.embedding("crack").steps == 10


def test_an_embedding_of_a_new_class_makes_the_class(project: Project) -> None:
    project.record(write_embedding(project.folder, anomaly="dent"))
    assert [known.name for known in project.anomalies()] == ["dent"]


def test_verdicts_and_stars_have_their_range(product: Project) -> None:
    product.record(write_sample(product.folder, "a"), JOB)
    number = product.samples()[0].id
    with pytest.raises(EngineError, match="'maybe' is no verdict"):
        product.set_verdict(number, "maybe")  # type: ignore[arg-type]
    with pytest.raises(EngineError, match="6 stars"):
        product.set_stars(number, 6)
    with pytest.raises(EngineError, match="no sample number 99"):
        product.set_stars(99, 3)


def test_a_run_gets_its_name_from_the_first_file_in_it(product: Project) -> None:
    support = SupportPhoto(name="a", photo="a.png", mask="m.png")
    learn = LearnJob(project="P", anomaly="crack", supports=(support,))
    for event in (
        Started(title="Learn"),
        StripWritten(step=50, image="runs/learn-1/strip/000050.png"),
        Finished(outcome="done"),
    ):
        product.record(event, learn)
    (run,) = product.runs()
    assert (run.name, run.state, run.job) == ("learn-1", "done", learn)


def test_asking_to_learn_again_is_the_same_run_and_other_versions_jobs_are_still_listed(
    product: Project,
) -> None:
    support = SupportPhoto(name="a", photo="a.png", mask="m.png")
    product.record(Started(title="x"), LearnJob(project="P", anomaly="crack", supports=(support,)))
    product.record(
        Started(title="x"), LearnJob(project="Q", anomaly="crack", supports=(support,), again=True)
    )
    assert len(product.runs()) == 1
    product.catalogue.change('UPDATE run SET job = \'{"job": "LearnJob", "unknown": 1}\'')
    number = product.enqueue(JOB)
    product.catalogue.change('UPDATE queue SET job = \'{"job": "NoJob"}\'')
    assert [run.job for run in product.runs()] == [None]
    assert product.queue.get(number).job is None


@pytest.mark.parametrize("event", [Progress(step=1, total=2), Started(title="x"), Finished(outcome="done")])
def test_what_leaves_nothing_behind_is_ignored(product: Project, event: Event) -> None:
    box = Box(center_x=1, center_y=1, width=1, height=1)
    product.record(event, PreviewJob(project="P", embedding="e", photo="p", box=box))
    product.record(event)
    assert product.runs() == []


@pytest.mark.parametrize(
    ("path", "run"),
    [
        ("runs/a/strip/1.png", "a"),
        ("samples/crack/b/s.png", "b"),
        ("embeddings/crack/c.safetensors", ""),
        ("x.png", ""),
    ],
)
def test_the_run_in_a_path(path: str, run: str) -> None:
    assert run_of(path) == run


def test_many_samples_are_judged_at_once_or_not_at_all(product: Project) -> None:
    for stem in "abc":
        product.record(write_sample(product.folder, stem), JOB)
    a, b, c = (sample.id for sample in product.samples())
    product.set_verdicts([c, a], "accepted")
    product.set_stars_of([a, b], 3)
    assert [sample.verdict for sample in product.samples()] == ["accepted", "undecided", "accepted"]
    assert [sample.stars for sample in product.samples()] == [3, 3, 0]
    with pytest.raises(EngineError, match="no sample number 99"):
        product.set_verdicts([b, 99], "rejected")
    assert product.sample_count(verdict="rejected") == 0
    assert product.sample_count() == 3
    assert product.sample_count("crack", "accepted") == 2
    assert product.sample_count("dent") == 0
    product.set_verdicts([], "rejected")
    assert product.sample_count(verdict="rejected") == 0


def test_samples_by_number_and_by_path(product: Project) -> None:
    paths = [write_sample(product.folder, stem).image for stem in "abc"]
    for stem in "abc":
        product.record(write_sample(product.folder, stem), JOB)
    a, b, c = product.samples()
    assert product.get_samples([c.id, a.id]) == [c, a]
    assert product.get_samples([]) == []
    assert product.sample_at(paths[1]) == b
    assert product.sample_at("samples/none.png") is None
    with pytest.raises(EngineError, match="no sample number 99"):
        product.get_samples([a.id, 99])
