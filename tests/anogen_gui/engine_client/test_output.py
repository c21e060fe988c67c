"""The client against a process that speaks the protocol, and breaks off in every way that there is."""

from collections.abc import Callable

from anogen_gui.engine_process import LineReader
from engine.protocol import (
    Finished,
    Progress,
    Started,
    Warned,
)
from tests.anogen_gui.engine_client.heard import Heard, job


def test_garbage_is_skipped_and_noted(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("babbling"))
    assert heard.end("a").outcome == "done"
    assert [type(event) for event in heard.of("a")] == [Started, Progress, Finished]
    assert "a stray print" in heard.client.log_tail
    assert "Unheard" in heard.client.log_tail


def test_a_line_of_two_megabytes_comes_whole(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("large"))
    assert heard.end("a").outcome == "done"
    (warned,) = [event for event in heard.of("a") if isinstance(event, Warned)]
    assert warned.message == "ä" * 1_000_000


def test_a_line_in_pieces_is_put_together(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("piecemeal"))
    heard.end("a")
    assert Warned(job_id="a", message="Größe") in heard.of("a")


def test_lines_are_put_together_from_any_pieces() -> None:
    text = "eins\n\nzwei ä\r\n \ndrei\nund".encode()
    for size in range(1, len(text) + 1):
        reader = LineReader()
        lines = [line for at in range(0, len(text), size) for line in reader.feed(text[at : at + size])]
        assert lines == [b"eins", "zwei ä\r".encode(), b"drei"]
        assert reader.rest == b"und"


def test_events_after_the_end_and_of_unknown_jobs_are_dropped(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("talking"))
    heard.client.submit("b", job("steps"))
    heard.end("b")
    assert heard.of("a") == [Finished(job_id="a", outcome="done")]
    assert {event.job_id for event in heard.events} == {"a", "b"}


def test_the_last_lines_of_the_log_are_kept(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("verbose"))
    heard.end("a")
    heard.wait(lambda: heard.client.log_tail.endswith("line 999 é"))
    assert heard.client.log_tail.splitlines()[0] == "line 500 é"
    heard.client.stop()
    assert heard.client.log_tail.endswith("line 999 é")
