"""Every message travels as one JSON line and comes back the same; what is not a message is refused."""

from typing import Any, get_args

import msgspec
import pytest
from msgspec import inspect

from engine import protocol
from engine.protocol import (
    AnyCommand,
    AnyEvent,
    AnyJob,
    BoxesProposed,
    Cancel,
    Finished,
    GenerateSettings,
    KeepStepJob,
    LearnJob,
    LearnSettings,
    PretrainJob,
    PreviewJob,
    PreviewReady,
    RenderDemoJob,
    ScatterJob,
    ScatterSettings,
    Submit,
    TrainSettings,
    decode_command,
    decode_event,
    encode_line,
)

COMMANDS, EVENTS, JOBS = get_args(AnyCommand), get_args(AnyEvent), get_args(AnyJob)
SETTINGS = (LearnSettings, GenerateSettings, ScatterSettings, TrainSettings)


def example(kind: inspect.Type, salt: int = 1) -> Any:
    """A value of a type, none of them empty; `salt` makes one different from the next."""
    match kind:
        case inspect.Metadata():
            return example(kind.type, salt)
        case inspect.StructType():
            return instance(kind.cls, salt)
        case inspect.UnionType():
            return example(kind.types[salt % len(kind.types)], salt)
        case inspect.TupleType():
            return tuple(example(each, salt + place) for place, each in enumerate(kind.item_types))
        case inspect.VarTupleType():
            return (example(kind.item_type, salt), example(kind.item_type, salt + 1))
        case inspect.LiteralType():
            return kind.values[salt % len(kind.values)]
        case inspect.IntType():
            return max((3 + salt % 5) * (kind.multiple_of or 1), kind.ge or 0)
        case inspect.FloatType():
            return (salt % 4 + 1) / 8
        case inspect.StrType():
            return f"täxt “{salt}”\n\\"
        case inspect.BoolType():
            return True
        case inspect.NoneType():
            return None
    raise TypeError(f"no value of {kind} is made here")


def instance(kind: type[msgspec.Struct], salt: int = 1) -> Any:
    """A message with every field filled."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return kind(**{field.name: example(field.type, salt + place) for place, field in enumerate(info.fields)})


@pytest.mark.parametrize("salt", range(3))
@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)
def test_commands_come_back_as_they_were(kind: type[msgspec.Struct], salt: int) -> None:
    message = instance(kind, salt)
    line = encode_line(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_command(line) == message


@pytest.mark.parametrize("salt", range(3))
@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_events_come_back_as_they_were(kind: type[msgspec.Struct], salt: int) -> None:
    message = instance(kind, salt)
    line = encode_line(message)
    assert line.count(b"\n") == 1
    assert decode_event(line) == message


@pytest.mark.parametrize("kind", JOBS, ids=lambda kind: kind.__name__)
def test_every_job_can_be_submitted(kind: type[msgspec.Struct]) -> None:
    message = Submit(job_id="7", job=instance(kind), interactive=True)
    assert decode_command(encode_line(message)) == message


def test_every_message_that_is_defined_is_known_to_its_decoder() -> None:
    defined = [kind for kind in vars(protocol).values() if isinstance(kind, type)]
    for base, known in ((protocol.Event, EVENTS), (protocol.Command, COMMANDS), (protocol.Job, JOBS)):
        assert {kind for kind in defined if issubclass(kind, base) and kind is not base} == set(known)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json\n",
        b"{}\n",
        b'{"command":"Explode"}\n',
        b'{"command":"Cancel"}\n',
        b'{"command":"Cancel","job_id":7}\n',
        b'{"command":"Cancel","job_id":"7","further":1}\n',
        b'{"command":"Submit","job_id":"7","job":{"job":"LearnJob","project":"P"}}\n',
        b'{"command":"Cancel","job_id":"\xff"}\n',
    ],
)
def test_what_is_no_command_is_refused(line: bytes) -> None:
    with pytest.raises((msgspec.MsgspecError, UnicodeDecodeError)):
        decode_command(line)


def test_messages_of_an_older_version_are_read() -> None:
    event = decode_event(b'{"event":"PreviewReady","jpeg_base64":"x","photo":"p.png","step":3}')
    assert event == PreviewReady(jpeg_base64="x", photo="p.png", step=3)
    boxes = decode_event(b'{"event":"BoxesProposed","photo":"p.png","boxes":[]}')
    assert boxes == BoxesProposed(photo="p.png", boxes=())


def test_an_event_of_a_newer_engine_with_a_further_field_is_read() -> None:
    assert decode_event(b'{"event":"Finished","outcome":"done","new_field":1}') == Finished(outcome="done")


@pytest.mark.parametrize("settings", SETTINGS)
def test_every_setting_can_be_shown_in_a_form(settings: type[msgspec.Struct]) -> None:
    info = inspect.type_info(settings)
    assert isinstance(info, inspect.StructType)
    for field in info.fields:
        assert isinstance(field.type, inspect.Metadata), field.name
        schema = field.type.extra_json_schema or {}
        assert schema.get("title"), field.name
        assert schema.get("description", "").endswith("."), field.name
        assert not field.required, f"{field.name} needs a default"


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_defaults_are_within_their_own_ranges(settings: type[msgspec.Struct]) -> None:
    assert msgspec.convert(msgspec.to_builtins(settings()), settings) == settings()


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        (LearnSettings, {"steps": 0}),
        (LearnSettings, {"vectors": 17}),
        (LearnSettings, {"learning_rate": 0}),
        (LearnSettings, {"profile": "fast"}),
        (LearnSettings, {"word": ""}),
        (LearnSettings, {"stepps": 3}),
        (GenerateSettings, {"count": 0}),
        (GenerateSettings, {"seed": -1}),
        (GenerateSettings, {"feather": 0.6}),
        (ScatterSettings, {"width_to": 91}),
        (ScatterSettings, {"height_from": 0}),
        (ScatterSettings, {"angle_from": -181}),
        (ScatterSettings, {"on_part": 101}),
    ],
)
def test_settings_out_of_range_are_refused(settings: type[msgspec.Struct], wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, settings)


@pytest.mark.parametrize(
    ("job", "wrong"),
    [
        (PreviewJob, {"steps": -3}),
        (PreviewJob, {"steps": 0}),
        (PreviewJob, {"steps": 1001}),
        (PreviewJob, {"guidance": -0.5}),
        (PreviewJob, {"seed": -1}),
        (KeepStepJob, {"step": -1}),
        (RenderDemoJob, {"goods": 0}),
        (RenderDemoJob, {"bad": 0}),
        (ScatterJob, {"count": 0}),
        (ScatterJob, {"count": 201}),
        (PretrainJob, {"minutes": 0}),
        (PretrainJob, {"shards": 0}),
        (PretrainJob, {"seed": 2**31}),
    ],
)
def test_jobs_out_of_range_are_refused(job: type[msgspec.Struct], wrong: dict[str, Any]) -> None:
    sound = msgspec.to_builtins(instance(job))
    assert msgspec.convert(sound, job) == instance(job)
    with pytest.raises(msgspec.ValidationError, match=rf"at `\$\.{next(iter(wrong))}`"):
        msgspec.convert({**sound, **wrong}, job)


def test_messages_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Cancel(job_id="7").job_id = "8"  # type: ignore[misc]


def test_a_job_is_written_as_people_would_read_it() -> None:
    job = LearnJob(project="/p", anomaly="crack", supports=())
    text = msgspec.to_builtins(Submit(job_id="1", job=job))
    assert (text["command"], text["job"]["job"], text["job"]["anomaly"]) == ("Submit", "LearnJob", "crack")
