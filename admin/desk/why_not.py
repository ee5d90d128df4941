"""Why was this time not offered? The answer of the matching, in words: who stands in the way, and what would mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from admin.api.operations import Asked
from admin.api.reach import seen_codes
from admin.auth import signed_in
from admin.clock import within_reach
from admin.desk.now import names_of
from admin.desk.views import asked_of
from admin.parts import transaction
from admin.people.reading import time_of
from admin.wording import spoken_language
from scheduler.insight import WhyNot, why_not
from scheduler.ledger import Wish
from scheduler.records import Callback
from scheduler.slots import instant_of
from tickets.municipalities import municipality_of
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.vocabulary import Topic
from voice_prompts.language import Language

LONGEST: Final = 100
insight = Blueprint("insight", __name__, url_prefix="/admin")


class WhyMistake(StrEnum):
    """What is wrong with the question; the page has the words under `mistake`."""

    DAY = "no_such_day"
    CLOCK = "no_such_clock"
    MUNICIPALITY = "municipality"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Typed:
    """The question as it was typed."""

    day: str = ""
    at: str = ""
    language: str = ""
    municipality: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A time, and the caller who would have it; or the mistakes by field."""

    typed: Typed
    starts_at: datetime | None = None
    mistakes: Mapping[str, WhyMistake] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise that stands in the way; `code` only for who may see its ticket."""

    code: str | None
    topic: Topic | None
    language: Language


@dataclass(frozen=True, slots=True)
class Answer:
    """Why, and who: the promises that need these helpers, by name where somebody may know it; `others` are not theirs."""

    why_not: WhyNot
    promised: tuple[Promised, ...] = ()
    helpers: tuple[str, ...] = ()
    others: int = 0


@insight.get("/why-not")
@signed_in(Right.SEE_ROTA)
def asked() -> ResponseReturnValue:
    """Take the question, and answer it."""
    typed = Typed(**{name: request.args.get(name, "").strip()[:LONGEST] for name in Typed.__dataclass_fields__})
    if "day" not in request.args and "at" not in request.args:  # the form that was sent empty has them both
        return _page(Question(Typed(language=typed.language or spoken_language())), None)
    question = read(typed)
    if question.starts_at is None:
        return _page(question, None), 422
    with transaction() as session:
        return _page(question, answer(asked_of(session), question, question.starts_at))


def read(typed: Typed) -> Question:
    """What was typed, as a time and a caller. Pure."""
    day, clock = _day(typed.day), time_of(typed.at)
    unknown = typed.municipality != "" and municipality_of(typed.municipality) is None
    wrong = {
        "day": WhyMistake.DAY if day is None else None,
        "at": WhyMistake.CLOCK if clock is None else None,
        "language": None if typed.language in list(Language) else WhyMistake.LANGUAGE,
        "municipality": WhyMistake.MUNICIPALITY if unknown else None,
    }
    mistakes = {name: mistake for name, mistake in wrong.items() if mistake is not None}
    if mistakes or day is None or clock is None:
        return Question(typed, mistakes=mistakes)
    return Question(typed, instant_of(day, clock))


def answer(asked: Asked, question: Question, starts_at: datetime) -> Answer:
    """Why the time is not offered to such a caller, and on whom it hangs."""
    typed = question.typed
    topic = next((one for one in Topic if one == typed.topic), None)
    wish = Wish(asked.network_id, Language(typed.language), topic, municipality_of(typed.municipality))
    found = why_not(asked.session, wish, starts_at, now=asked.now, grid=asked.grid)
    names = names_of(asked, found.helpers)
    known = tuple(sorted(names[helper] for helper in found.helpers if helper in names))
    return Answer(found, _promised(asked, found), known, len(found.helpers) - len(known))


def _promised(asked: Asked, found: WhyNot) -> tuple[Promised, ...]:
    wanted = select(Ticket.code, Callback.topic, Callback.language).join(Callback, Callback.ticket_id == Ticket.id)
    rows = asked.session.execute(wanted.where(Callback.id.in_(found.callbacks)).order_by(Callback.id)).all()
    seen = seen_codes(asked, [row.code for row in rows])
    return tuple(Promised(row.code if row.code in seen else None, row.topic, row.language) for row in rows)


def _page(question: Question, found: Answer | None) -> str:
    return render_template(
        "desk/why_not.html", typed=question.typed, question=question, answer=found, topics=Topic, languages=Language
    )


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
        within_reach(f"{day.isoformat()}T12:00:00+00:00")
    except ValueError:
        return None
    return day
