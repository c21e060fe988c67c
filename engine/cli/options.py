"""Command line options made from the settings' own metadata: label, unit, range, help, default."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

S = TypeVar("S", bound=msgspec.Struct)
Type = inspect.Type


def add_settings(parser: argparse.ArgumentParser, settings: type[msgspec.Struct], title: str) -> None:
    """Add one option for each field of `settings` that has a label: `batch_size` becomes `--batch-size`."""
    group = parser.add_argument_group(title)
    info = inspect.type_info(settings)
    assert isinstance(info, inspect.StructType)
    for field in info.fields:
        if "title" in _unwrapped(field.type)[1]:
            _add_option(group, field)


def read_settings(namespace: argparse.Namespace, settings: type[S], **others: Any) -> S:
    """The settings that were typed, and `others`, which have no option; the rest keep their defaults."""
    typed = {name: getattr(namespace, name, None) for name in settings.__struct_fields__}
    return msgspec.convert(
        {**{name: value for name, value in typed.items() if value is not None}, **others}, settings
    )


def describe_settings(settings: msgspec.Struct) -> list[tuple[str, str]]:
    """Label and value of each setting that is set, as a person reads them."""
    info = inspect.type_info(type(settings))
    assert isinstance(info, inspect.StructType)
    rows = []
    for field in info.fields:
        _, schema, unit = _unwrapped(field.type)
        value = getattr(settings, field.name)
        if value is not None:
            said = "yes" if value is True else "no" if value is False else _plain(value)
            rows.append((str(schema.get("title", field.name)), f"{said} {unit}".strip()))
    return rows


def typed_settings(settings: msgspec.Struct) -> list[str]:
    """The words to type for these settings; none for those at their defaults."""
    words: list[str] = []
    for field in msgspec.structs.fields(settings):
        value, flag = getattr(settings, field.name), field.name.replace("_", "-")
        if value == field.default:
            continue
        if isinstance(value, bool):
            words.append(f"--{flag}" if value else f"--no-{flag}")
        else:
            words += [f"--{flag}", _plain(value)]
    return words


def within(kind: Callable[[str], Any], numbers: Type) -> Callable[[str], Any]:
    """A reader of numbers for argparse that says the range which a number is out of."""

    def read(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            wanted = "a whole number" if kind is int else "a number"
            raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}") from None
        if not _is_within(value, numbers):
            raise argparse.ArgumentTypeError(f"{text} is out of range: it must be {describe_range(numbers)}")
        return value

    return read


def describe_range(numbers: Type) -> str:
    """The range of a number in words, '' where it has none."""
    low_open, low = getattr(numbers, "gt", None), getattr(numbers, "ge", None)
    high_open, high = getattr(numbers, "lt", None), getattr(numbers, "le", None)
    parts = []
    if low_open is not None:
        parts.append(f"above {_plain(low_open)}")
    elif low is not None:
        parts.append(f"{_plain(low)} or more" if high is None and high_open is None else f"{_plain(low)}")
    if high_open is not None:
        parts.append(f"below {_plain(high_open)}")
    elif high is not None:
        parts.append(f"{_plain(high)}" if low is not None else f"at most {_plain(high)}")
    words = (" to " if low is not None else " and ").join(parts)
    step = getattr(numbers, "multiple_of", None)
    return words if step is None else f"{words}, a multiple of {_plain(step)}".removeprefix(", ")


def _add_option(group: argparse._ArgumentGroup, field: inspect.Field) -> None:
    kind, schema, unit = _unwrapped(field.type)
    flag = f"--{field.name.replace('_', '-')}"
    text = _help(schema, kind, unit, field.default)
    if isinstance(kind, inspect.BoolType):
        group.add_argument(flag, action=argparse.BooleanOptionalAction, default=None, help=text)
    elif isinstance(kind, inspect.LiteralType):
        group.add_argument(flag, choices=_choices(kind.values, field.default), help=text)
    elif isinstance(kind, inspect.IntType | inspect.FloatType):
        read = within(int if isinstance(kind, inspect.IntType) else float, kind)
        group.add_argument(flag, type=read, metavar="N", required=field.required, help=text)
    else:
        group.add_argument(flag, type=_text, metavar=field.name.upper(), required=field.required, help=text)


def _unwrapped(kind: Type) -> tuple[Type, dict[str, Any], str]:
    """The plain type without None, its title and description, its unit."""
    schema: dict[str, Any] = {}
    unit = ""
    while isinstance(kind, inspect.Metadata):
        schema = {**(kind.extra_json_schema or {}), **schema}
        unit = unit or (kind.extra or {}).get("unit", "")
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        kind = next(part for part in kind.types if not isinstance(part, inspect.NoneType))
        return _unwrapped(kind)[0], schema, unit
    return kind, schema, unit


def _help(schema: dict[str, Any], kind: Type, unit: str, default: Any) -> str:
    """What the option does, in which unit and range, and what it is when nothing is said."""
    facts = [f"{describe_range(kind)} {unit}".strip()] if describe_range(kind) or unit else []
    if default not in (None, msgspec.NODEFAULT, ""):
        facts.append(f"default {_plain(default)}")
    text = str(schema.get("description", ""))
    if text.startswith("Unset"):
        text = f"{schema.get('title', '')}. {text}"
    return (f"{text} [{'; '.join(facts)}]" if facts else text).replace("%", "%%")


def _choices(values: Sequence[Any], default: Any) -> list[Any]:
    """The default first."""
    return sorted(values, key=lambda value: (value != default, str(value)))


def _is_within(value: float, numbers: Type) -> bool:
    checks: list[tuple[str, Callable[[float, float], bool]]] = [
        ("gt", lambda number, bound: number > bound),
        ("ge", lambda number, bound: number >= bound),
        ("lt", lambda number, bound: number < bound),
        ("le", lambda number, bound: number <= bound),
        ("multiple_of", lambda number, bound: number % bound == 0),
    ]
    bounds = ((getattr(numbers, name, None), holds) for name, holds in checks)
    return all(bound is None or holds(value, bound) for bound, holds in bounds)


def _text(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("it must not be empty")
    return text


def _plain(value: Any) -> str:
    """Without the `.0` of a whole number."""
    return f"{value:g}" if isinstance(value, float) else str(value)
