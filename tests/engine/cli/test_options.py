"""Options are made from the settings' metadata, and say what is wrong with what was typed."""

import argparse

import pytest
from msgspec import inspect

from engine.cli.options import (
    add_settings,
    describe_range,
    describe_settings,
    read_settings,
    typed_settings,
)
from engine.protocol import GenerateSettings, LearnSettings, PretrainJob, TrainSettings


def parse(settings: type, *words: str) -> object:
    parser = argparse.ArgumentParser()
    add_settings(parser, settings, "settings")
    return read_settings(parser.parse_args(words), settings)


@pytest.mark.parametrize("settings", [LearnSettings, GenerateSettings, TrainSettings])
def test_nothing_typed_is_the_defaults(settings: type) -> None:
    assert parse(settings) == settings()


@pytest.mark.parametrize("settings", [LearnSettings, GenerateSettings, TrainSettings])
def test_every_setting_has_an_option_with_its_help(settings: type) -> None:
    parser = argparse.ArgumentParser()
    add_settings(parser, settings, "settings")
    text = parser.format_help()
    for name in settings.__struct_fields__:
        assert f"--{name.replace('_', '-')} " in f"{text} ".replace(",", " ").replace("\n", " ")


def test_typed_settings_are_read() -> None:
    words = (
        "--backbone x/y --profile paper --no-adapt --steps 12 --learning-rate 1e-3 --word crack --anchor 0.5"
    )
    expected = LearnSettings(
        backbone="x/y", profile="paper", adapt=False, steps=12, learning_rate=1e-3, word="crack", anchor=0.5
    )
    assert parse(LearnSettings, *words.split()) == expected
    assert parse(LearnSettings, "--adapt") == LearnSettings(adapt=True)
    assert parse(GenerateSettings, "--seed", "0") == GenerateSettings(seed=0)


@pytest.mark.parametrize(
    "settings",
    [
        LearnSettings(),
        LearnSettings(backbone="my backbone", adapt=False, steps=20, learning_rate=1e-5, strip_every=5),
        LearnSettings(adapt=True, anchor=0.25, word="crack"),
        GenerateSettings(seed=0, count=2, guidance=2.5, profile="paper"),
    ],
)
def test_what_has_to_be_typed_for_settings(settings: LearnSettings | GenerateSettings) -> None:
    assert parse(type(settings), *typed_settings(settings)) == settings


def test_nothing_has_to_be_typed_for_defaults() -> None:
    assert typed_settings(LearnSettings()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--steps", "0"], "0 is out of range: it must be 1 to 100000"),
        (["--steps", "1.5"], "'1.5' is not a whole number"),
        (["--learning-rate", "0"], "it must be above 0 and at most 1"),
        (["--learning-rate", "nan"], "nan is out of range"),
        (["--anchor", "much"], "'much' is not a number"),
        (["--profile", "fast"], "invalid choice: 'fast'"),
        (["--word", " "], "it must not be empty"),
    ],
)
def test_what_is_out_of_range_is_told(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(LearnSettings, *words)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({"ge": 1, "le": 5}, "1 to 5"),
        ({"gt": 0, "le": 1}, "above 0 and at most 1"),
        ({"gt": 0}, "above 0"),
        ({"ge": 2}, "2 or more"),
        ({"le": 3}, "at most 3"),
        ({"ge": 0, "lt": 1}, "0 to below 1"),
        ({"ge": 32, "multiple_of": 32}, "32 or more, a multiple of 32"),
        ({"multiple_of": 2}, "a multiple of 2"),
        ({}, ""),
    ],
)
def test_ranges_in_words(bounds: dict[str, int], said: str) -> None:
    assert describe_range(inspect.IntType(**bounds)) == said


def test_a_jobs_fields_with_a_label_are_options_and_the_others_are_given() -> None:
    parser = argparse.ArgumentParser()
    add_settings(parser, PretrainJob, "how it is trained")
    assert "--project" not in parser.format_help()
    typed = parser.parse_args(["--minutes", "2.5", "--start", "embedded"])
    job = read_settings(typed, PretrainJob, project="/runs/backbone")
    assert job == PretrainJob(project="/runs/backbone", minutes=2.5, start="embedded")


def test_a_number_between_two_steps_is_out_of_range(capsys: pytest.CaptureFixture[str]) -> None:
    assert parse(TrainSettings, "--side", "96") == TrainSettings(side=96)
    with pytest.raises(SystemExit):
        parse(TrainSettings, "--side", "100")
    assert "100 is out of range: it must be 32 to 1024, a multiple of 32" in capsys.readouterr().err


def test_what_has_no_default_has_to_be_typed(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_settings(parser, PretrainJob, "how it is trained")
    with pytest.raises(SystemExit):
        parser.parse_args([])
    assert "required: --minutes" in capsys.readouterr().err


def test_settings_described_for_a_person() -> None:
    rows = dict(describe_settings(LearnSettings(adapt=True, anchor=0.5)))
    assert rows["Batch size"] == "4 crops"
    assert rows["Adapt the backbone"] == "yes"
    assert rows["Anchor"] == "0.5"
    assert "Steps" not in rows  # the profile's own
