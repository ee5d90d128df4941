"""Who writes down messages: chosen by a setting, told what is missing, and a model's trouble is nobody else's."""

import sys
from types import ModuleType, SimpleNamespace
from typing import ClassVar

import pytest

from admin.errors import SettingsError
from admin.outside.whisper import PACKAGE, Whisper
from admin.transcriber import SETTING, Engine, Writer, transcriber, writer
from ivr.written_along import WrittenAlong
from scheduler.ports import TranscriptError
from tickets.transcripts import SpokenMessage
from voice_prompts.language import Language

MESSAGE = SpokenMessage("RE1", "CA1", 5, Language.SV, b"RIFF", "audio/wav")


class Model:
    """What faster-whisper has, as far as we use it."""

    made: ClassVar[list["Model"]] = []
    hears = (" Skrivaren", " blinkar. ")
    fails = False

    def __init__(self, name: str, **how: str) -> None:
        self.name, self.how = name, how
        Model.made.append(self)

    def transcribe(self, sound: object, **how: object) -> tuple[list[SimpleNamespace], None]:
        if Model.fails:
            raise RuntimeError("out of memory")
        self.told = (sound.read(), how["language"])
        return [SimpleNamespace(text=text) for text in Model.hears], None


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> None:
    """As though somebody had installed it."""
    module = ModuleType(PACKAGE)
    module.WhisperModel = Model
    module.__spec__ = SimpleNamespace(name=PACKAGE)
    monkeypatch.setitem(sys.modules, PACKAGE, module)
    monkeypatch.setattr(Model, "made", [])


@pytest.mark.parametrize(
    ("told", "chosen"),
    [
        ("faster-whisper:small", Writer(Engine.WHISPER, "small")),
        ("faster-whisper:/srv/models/fi", Writer(Engine.WHISPER, "/srv/models/fi")),
        ("twilio", Writer(Engine.TWILIO)),
    ],
)
def test_a_setting_says_who_writes(told: str, chosen: Writer) -> None:
    assert writer({SETTING: told}) == chosen


def test_unset_nobody_writes() -> None:
    assert writer({}) is None
    assert transcriber(None, None) is None


@pytest.mark.parametrize("told", ["faster-whisper", "faster-whisper:", "whisper:small", "twilio:fi", "yes"])
def test_a_setting_that_names_nobody_says_what_to_write(told: str) -> None:
    with pytest.raises(SettingsError, match=f"{SETTING}.*faster-whisper:small.*twilio"):
        writer({SETTING: told})


def test_a_model_without_what_runs_it_is_said_at_the_start() -> None:
    with pytest.raises(SettingsError, match=r"not installed.*unset"):
        transcriber(Writer(Engine.WHISPER, "small"), None)


def test_the_operator_writes_from_what_it_sent() -> None:
    assert isinstance(transcriber(Writer(Engine.TWILIO), None), WrittenAlong)


def test_a_model_is_read_once_and_told_the_language(package: None) -> None:
    whisper = transcriber(Writer(Engine.WHISPER, "small"), None)
    assert Model.made == []
    assert [whisper.write_down(MESSAGE), whisper.write_down(MESSAGE)] == ["Skrivaren blinkar."] * 2
    (model,) = Model.made
    assert (model.name, model.how["device"], model.told) == ("small", "cpu", (b"RIFF", "sv"))


def test_silence_is_no_transcript(package: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Model, "hears", (" ",))
    assert Whisper("small").write_down(MESSAGE) is None


def test_a_model_that_fails_says_so_and_may_be_asked_again(package: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Model, "fails", True)
    with pytest.raises(TranscriptError, match="RuntimeError") as failed:
        Whisper("small").write_down(MESSAGE)
    assert not failed.value.permanent
