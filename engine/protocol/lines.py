"""Messages as JSON lines, and back."""

import msgspec

from engine.protocol.commands import AnyCommand, Command
from engine.protocol.events import AnyEvent, Event

_encoder = msgspec.json.Encoder()
_command_decoder = msgspec.json.Decoder(AnyCommand)
_event_decoder = msgspec.json.Decoder(AnyEvent)


def encode_line(message: Command | Event) -> bytes:
    """One JSON line, with its newline."""
    return _encoder.encode(message) + b"\n"


def decode_command(line: bytes) -> AnyCommand:
    """Raises: msgspec.MsgspecError; UnicodeDecodeError or RecursionError for a line that is far from one."""
    return _command_decoder.decode(line)


def decode_event(line: bytes) -> AnyEvent:
    """Raises: msgspec.MsgspecError; UnicodeDecodeError or RecursionError for a line that is far from one."""
    return _event_decoder.decode(line)
