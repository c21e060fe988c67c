"""What the window, the command line and the engine say to each other: jobs, commands, events.

Every message is a frozen msgspec struct and travels as one JSON line. The fields of the settings carry a label, a
unit, a range and a help text (`msgspec.Meta`), from which the command line's options and the window's forms are made.
Paths in jobs and events are relative to the project folder, with forward slashes, unless a field says otherwise.
"""

from engine.protocol.commands import (
    AnyCommand,
    Cancel,
    Command,
    KeepAndStop,
    Quit,
    Submit,
)
from engine.protocol.events import (
    AnyEvent,
    EmbeddingWritten,
    EngineReady,
    Event,
    FileRefused,
    FileWritten,
    Finished,
    LossMeasured,
    Outcome,
    PhotoImported,
    PreviewReady,
    Progress,
    SampleFlag,
    SampleWritten,
    Started,
    StripWritten,
    Warned,
)
from engine.protocol.jobs import (
    AnyJob,
    DownloadJob,
    GenerateJob,
    Job,
    LearnJob,
    Placement,
    PretrainJob,
    PreviewJob,
    SupportPhoto,
)
from engine.protocol.lines import (
    decode_command,
    decode_event,
    encode_line,
)
from engine.protocol.settings import (
    GenerateSettings,
    LearnSettings,
    Profile,
    field_meta,
)

__all__ = [
    "AnyCommand",
    "AnyEvent",
    "AnyJob",
    "Cancel",
    "Command",
    "DownloadJob",
    "EmbeddingWritten",
    "EngineReady",
    "Event",
    "FileRefused",
    "FileWritten",
    "Finished",
    "GenerateJob",
    "GenerateSettings",
    "Job",
    "KeepAndStop",
    "LearnJob",
    "LearnSettings",
    "LossMeasured",
    "Outcome",
    "PhotoImported",
    "Placement",
    "PretrainJob",
    "PreviewJob",
    "PreviewReady",
    "Profile",
    "Progress",
    "Quit",
    "SampleFlag",
    "SampleWritten",
    "Started",
    "StripWritten",
    "Submit",
    "SupportPhoto",
    "Warned",
    "decode_command",
    "decode_event",
    "encode_line",
    "field_meta",
]
