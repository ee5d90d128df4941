"""How a day of a gathering went: heads counted, what it was about, in which languages. Nobody is named."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from admin.api.directory_shapes import MOST_PEOPLE, ReportIn
from admin.auth import holder, signed_in
from admin.directory.gatherings import day_in, gatherings
from admin.directory.mistakes import DirectoryMistake, Mistakes, mistakes_in
from admin.pages import said
from admin.parts import now, transaction
from scheduler.gatherings import occasion_on, report
from tickets.entries import EntryRefusal, entry_with
from tickets.gatherings import Gathering, GatheringReport
from tickets.rights import Right
from tickets.tokens import actor_of
from tickets.vocabulary import Topic
from voice_prompts.language import Language

COUNTS: Final = ("people", "minutes", "volunteers", "staff")
REFUSED: Final = {
    EntryRefusal.NOT_HELD_YET: DirectoryMistake.NOT_HELD_YET,
    EntryRefusal.CALLED_OFF: DirectoryMistake.CALLED_OFF,
}


@gatherings.get("/<code>/days/<day>/report")
@signed_in(Right.ENTER_STATISTICS)
def tell_how_it_went(code: str, day: str) -> ResponseReturnValue:
    """Show the form, with what was reported before."""
    with transaction() as session:
        one = occasion_on(session, holder().network_id, code, day_in(day)) or abort(404)
        known = session.get(GatheringReport, one.id)
        typed = {} if known is None else _typed_of(known)
    return _form(code, day_in(day), typed, {})


@gatherings.post("/<code>/days/<day>/report")
@signed_in(Right.ENTER_STATISTICS)
def report_day(code: str, day: str) -> ResponseReturnValue:
    """Write down how the day went; written again, it is corrected."""
    typed, held = request.form.to_dict(), _read(day_in(day))
    if not isinstance(held, ReportIn):
        return _form(code, day_in(day), typed, held), 422
    with transaction() as session:
        actor = actor_of(holder())
        refusal = report(session, holder().network_id, code, held.day, held.held, now=now(), actor=actor)
    if refusal is EntryRefusal.UNKNOWN_ENTRY:
        abort(404)
    if refusal is not None:
        return _form(code, held.day, typed, {"people": REFUSED[refusal]}), 409
    said("day_reported")
    return redirect(url_for(".one_gathering", code=code), 303)


def _read(day: date) -> ReportIn | Mistakes:
    counts = {name: request.form.get(name, "").strip() for name in COUNTS}
    told = {name: value for name, value in counts.items() if value}
    topics, languages = _counted("topic-", [topic.value for topic in Topic]), _counted("language-", list(Language))
    try:
        return ReportIn.model_validate({"day": day, "topics": topics, "languages": languages, **told})
    except ValidationError as error:
        return mistakes_in(error.errors())


def _counted(prefix: str, codes: list[str]) -> Mapping[str, str]:
    return {code: typed for code in codes if (typed := request.form.get(prefix + code, "").strip()) not in ("", "0")}


def _typed_of(known: GatheringReport) -> Mapping[str, str]:
    counts = {name: str(getattr(known, name)) for name in COUNTS}
    topics = {f"topic-{code}": str(people) for code, people in known.topics.items()}
    return counts | topics | {f"language-{code}": str(people) for code, people in known.languages.items()}


def _form(code: str, day: date, typed: Mapping[str, str], mistakes: Mistakes) -> str:
    with transaction() as session:
        row = entry_with(session, Gathering, holder().network_id, code) or abort(404)
        one = occasion_on(session, holder().network_id, code, day) or abort(404)
    return render_template(
        "directory/report.html",
        row=row,
        day=one,
        on=day,
        typed=typed,
        mistakes=mistakes,
        topics=Topic,
        languages=Language,
        most=MOST_PEOPLE,
    )
