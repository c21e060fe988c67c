"""What the button Learn offers."""

from dataclasses import replace

from anogen_gui.model.learning_course import Course
from anogen_gui.model.learning_state import KnownRun, LearnState, Offer, SupportChoice, offer
from engine.project import AnomalyClass, EmbeddingRow, Photo
from engine.protocol import LearnJob, LearnSettings, SupportPhoto

SETTINGS = LearnSettings(steps=100)
CRACK = AnomalyClass(id=1, name="crack", color="#e69f00", digit=1)


def photo(name: str, mask: str = "m.png") -> Photo:
    return Photo(
        id=1, name=name, path=f"photos/bad/crack/{name}.png", role="bad", anomaly="crack", width=8, height=8,
        sha256=name, dhash=0, mask=mask, is_missing=False,
    )  # fmt: skip


def choice(name: str, has_mask: bool = True, is_chosen: bool = True) -> SupportChoice:
    return SupportChoice(photo(name, f"masks/{name}.png" if has_mask else ""), has_mask, is_chosen)


def run(name: str = "crack-1", state: str = "interrupted", checkpoint: int = 0, **job: object) -> KnownRun:
    supports = tuple(
        SupportPhoto(name=each, photo=f"photos/bad/crack/{each}.png", mask=f"masks/{each}.png")
        for each in ("a", "b")
    )
    learn = LearnJob(project="P", anomaly="crack", supports=supports, settings=SETTINGS)
    for key, value in job.items():
        learn = LearnJob(**{**{f: getattr(learn, f) for f in learn.__struct_fields__}, key: value})  # type: ignore[arg-type]
    return KnownRun(name, learn, state, "2025-05-03T10:00:00", checkpoint=checkpoint)


STATE = LearnState(CRACK, supports=(choice("a"), choice("b")))


def test_with_masked_supports_it_can_be_learned() -> None:
    assert offer(STATE, SETTINGS) == Offer("learn")


def test_without_photos_or_masks_it_says_why_and_where_to_go() -> None:
    none = offer(replace(STATE, supports=()), SETTINGS)
    assert (none.kind, none.page) == ("blocked", "photos")
    unmasked = offer(replace(STATE, supports=(choice("a", has_mask=False),)), SETTINGS)
    assert (unmasked.kind, unmasked.page) == ("blocked", "photos")
    assert "mask" in unmasked.reason
    unchosen = offer(
        replace(STATE, supports=(choice("a", is_chosen=False), choice("b", has_mask=False))), SETTINGS
    )
    assert (unchosen.kind, unchosen.page) == ("blocked", "")
    assert "Choose" in unchosen.reason


def test_one_masked_support_is_enough() -> None:
    assert (
        offer(replace(STATE, supports=(choice("a"), choice("b", has_mask=False))), SETTINGS).kind == "learn"
    )


def test_a_job_in_the_queue_blocks_another_one() -> None:
    waiting = replace(STATE, job=3)
    assert offer(waiting, SETTINGS).kind == "blocked"
    assert "queue" in offer(waiting, SETTINGS).reason
    assert "being learned" in offer(replace(waiting, course=Course(state="running")), SETTINGS).reason


def test_an_interrupted_run_goes_on_from_its_checkpoint() -> None:
    cut_off = run(checkpoint=75)
    assert offer(replace(STATE, runs=(cut_off,)), SETTINGS) == Offer("go_on", cut_off, 75)
    assert offer(replace(STATE, runs=(run(checkpoint=0),)), SETTINGS) == Offer("learn")


def test_other_settings_or_supports_are_another_run() -> None:
    state = replace(STATE, runs=(run(checkpoint=75),))
    assert offer(state, LearnSettings(steps=101)) == Offer("learn")
    assert offer(replace(state, supports=(choice("a"),)), SETTINGS) == Offer("learn")
    assert offer(replace(state, supports=(choice("b"), choice("a"))), SETTINGS).kind == "go_on"


def test_changed_photos_do_not_go_on() -> None:
    assert (
        offer(replace(STATE, runs=(replace(run(checkpoint=75), is_outdated=True),)), SETTINGS).kind == "learn"
    )


def test_what_is_learned_is_offered_again() -> None:
    for state in ("done", "kept"):
        assert offer(replace(STATE, runs=(run(state=state),)), SETTINGS).kind == "again"


def test_the_newest_run_counts() -> None:
    state = replace(STATE, runs=(run("crack-2", "done"), run("crack-1", checkpoint=75)))
    assert offer(state, SETTINGS).kind == "again"


def test_the_embedding_of_a_step_is_found_by_run_and_step() -> None:
    rows = tuple(
        EmbeddingRow(
            id=number, name=name, anomaly="crack", path=f"{name}.safetensors", backbone="embedded", steps=steps,
            created="", is_missing=False,
        )
        for number, (name, steps) in enumerate([("crack-1", 100), ("crack-1-000050", 50), ("crack-2", 50)])
    )  # fmt: skip
    state = replace(STATE, embeddings=rows, course=Course(run="crack-1"), in_use=rows[1])
    assert state.embedding_of(100) == rows[0]
    assert state.embedding_of(50) == rows[1]
    assert state.embedding_of(75) is None
    assert state.step_in_use == 50
    assert replace(state, in_use=rows[2]).step_in_use is None
