"""Which play is given on which call, and who stands on the stage."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pydantic import JsonValue, TypeAdapter

from ivr.conversation import Effect, Entry, Hear, Perform, Script, ScriptChanged, Turn, play, silence
from ivr.dialogue import Paper
from ivr.helper_line import OwnCall, helpers_own_call
from ivr.helper_script import News, Task, announcement, helpers_call, residents_leg
from ivr.journal import FROM_OUTSIDE, LiveCall, Part
from ivr.offer_script import Changed, Offered, change_call, offer_call
from ivr.script import Answering, after_change, callers_call, salvage

CHANGED = "script_changed"

_ANSWERING = TypeAdapter(Answering)
_TASK = TypeAdapter(Task)
_NEWS = TypeAdapter(News)
_OFFERED = TypeAdapter(Offered)
_CHANGED = TypeAdapter(Changed)
_OWN = TypeAdapter(OwnCall)

Facts = Answering | Task | News | Offered | Changed | OwnCall


def facts_of(part: Facts) -> JsonValue:
    """What a script starts from, as it is kept with the call."""
    adapter: TypeAdapter[Any] = TypeAdapter(type(part))
    frozen: JsonValue = adapter.dump_python(part, mode="json")
    return frozen


def task_of(call: LiveCall) -> Task:
    """What the helper's and the resident's legs are about."""
    return _TASK.validate_python(call.facts)


def answering_of(call: LiveCall) -> Answering:
    """What the line knew when it answered this caller."""
    return own_of(call).line if call.part is Part.HELPER_LINE else _ANSWERING.validate_python(call.facts)


def own_of(call: LiveCall) -> OwnCall:
    """Which helper rings from their own phone."""
    return _OWN.validate_python(call.facts)


def perform_play(
    call: LiveCall, journal: Sequence[Entry], perform: Perform, hear: Hear = silence
) -> tuple[Turn, Paper]:
    """Play the call's script over its journal; the paper shows what has been written down so far.

    When the journal says that the script changed under the call, the apology is played instead,
    on the paper as it was filled until then.
    """
    script, paper = _cast(call)
    change = next((at for at, entry in enumerate(journal) if entry.key == CHANGED), None)
    if change is None:
        return play(script, journal, perform, hear), paper
    recall(script, journal[:change])
    salvage(paper, journal[:change])
    return play(_apology(call, paper), journal[change + 1 :], perform, hear), paper


def paper_of(call: LiveCall, journal: Sequence[Entry]) -> Paper:
    """What has been written down so far, as far as the journal and the script still agree."""
    script, paper = _cast(call)
    change = next((at for at, entry in enumerate(journal) if entry.key == CHANGED), len(journal))
    recall(script, journal[:change])
    salvage(paper, journal[:change])
    recall(_apology(call, paper), journal[change + 1 :])
    return paper


def recall(script: Script[None], journal: Sequence[Entry]) -> None:
    """Play without doing anything; the script's paper is what is wanted."""
    with suppress(ScriptChanged):
        play(script, journal, refuse)


def refuse(effect: Effect[Any]) -> object:
    """A replay does nothing anew: an effect that the journal lacks means that the script changed."""
    raise ScriptChanged(f"the journal lacks {effect.key!r}")


def _cast(call: LiveCall) -> tuple[Script[None], Paper]:
    match call.part:
        case Part.CALLER:
            line = answering_of(call)
            paper = Paper(line.languages[0])
            return callers_call(line, paper), paper
        case Part.HELPER_LINE:
            own = own_of(call)
            paper = Paper(own.language)
            return helpers_own_call(own, paper), paper
        case Part.HELPER | Part.RESIDENT:
            return _cast_keeping(call)
        case Part.OFFER:
            offered = _OFFERED.validate_python(call.facts)
            paper = Paper(offered.language, person_at_zero=False)
            return offer_call(offered, paper), paper
        case Part.CHANGE:
            changed = _CHANGED.validate_python(call.facts)
            paper = Paper(changed.language, person_at_zero=False)
            return change_call(changed, paper), paper
        case Part.ANNOUNCEMENT:
            news = _NEWS.validate_python(call.facts)
            paper = Paper(news.language, person_at_zero=False)
            return announcement(news, paper), paper


def _cast_keeping(call: LiveCall) -> tuple[Script[None], Paper]:
    """The two who meet to keep a promise."""
    task = task_of(call)
    if call.part is Part.HELPER:
        paper = Paper(task.helper_language, person_at_zero=False)
        return helpers_call(task, paper), paper
    paper = Paper(task.resident_language, person_at_zero=False)
    return residents_leg(task, paper), paper


def _apology(call: LiveCall, paper: Paper) -> Script[None]:
    return after_change(paper, takes_message=call.part in FROM_OUTSIDE)
