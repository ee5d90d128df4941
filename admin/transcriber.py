"""Who writes down what callers say after the tone, as the environment says it: nobody, the operator, or a model of our own."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from admin.errors import SettingsError
from admin.outside.whisper import Whisper, is_installed
from ivr.written_along import WrittenAlong
from scheduler.ports import Transcriber

SETTING: Final = "DIGILINJA_TRANSCRIBER"
_SHAPE: Final = "write faster-whisper:small (or another size, or a folder with a model) or twilio, or unset it"


class Engine(StrEnum):
    """Who writes."""

    WHISPER = "faster-whisper"
    TWILIO = "twilio"


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, and by which model."""

    engine: Engine
    model: str = ""


def writer(env: Mapping[str, str]) -> Writer | None:
    """Who is to write, None where nobody is. Raises SettingsError."""
    told = env.get(SETTING)
    if told is None:
        return None
    engine, _, model = told.partition(":")
    if engine == Engine.WHISPER and model:
        return Writer(Engine.WHISPER, model)
    if told == Engine.TWILIO:
        return Writer(Engine.TWILIO)
    raise SettingsError(f"{SETTING} names nobody who writes down messages: {_SHAPE}")


def transcriber(chosen: Writer | None, sessions: sessionmaker[Session]) -> Transcriber | None:
    """Who writes, ready to; SettingsError where a model is wanted and what runs it is not installed."""
    if chosen is None:
        return None
    if chosen.engine is Engine.TWILIO:
        return WrittenAlong(sessions)
    if not is_installed():
        raise SettingsError(
            f"{SETTING} is {chosen.engine}:{chosen.model}, but faster-whisper is not installed: "
            "install it beside Digilinja (docs/operating.md), or unset the setting"
        )
    return Whisper(chosen.model)
