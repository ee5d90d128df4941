"""The form of one line: what was typed into it, how its names sound before they are kept, what is left to do at the operator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flask import render_template, url_for
from werkzeug.datastructures import MultiDict

from admin.parts import parts, transaction
from admin.people.doing import FORM
from admin.people.marks import mark_of
from admin.people.reading import Fields, as_typed
from admin.wording import spoken_language
from ivr.addresses import Addresses
from tickets.line_connections import LineState
from tickets.lines import LONGEST_NAME, LineRefusal, LineRow, LineTerms, number_of_line, refusal_of
from tickets.municipalities import all_municipalities
from voice_prompts.language import Language

LONGEST_NUMBER: Final = 40
FIELD_OF: Final = {
    LineRefusal.NO_NUMBER: "number",
    LineRefusal.NUMBER_TAKEN: "number",
    LineRefusal.NO_NAME: "name",
    LineRefusal.TOO_LONG: "name",
    LineRefusal.UNSAYABLE: "name",
    LineRefusal.UNKNOWN_MUNICIPALITY: "municipality",
}
TO_SET: Final = ("voice_url", "voice_fallback_url", "status_callback", "sms_url")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form as it is shown: of a line or of one to be, with what was typed; `heard`: what it would be called sounds like this."""

    row: LineRow | None
    typed: MultiDict[str, str]
    mistakes: Mapping[str, str] = field(default_factory=dict)
    heard: LineTerms | None = None


def form_of(sheet: Sheet) -> str:
    """The page of a line."""
    names = ((place.code, place.name_in(spoken_language())) for place in all_municipalities())
    row = sheet.row
    return render_template(
        "network/line.html",
        row=row,
        typed=sheet.typed,
        mistakes=sheet.mistakes,
        places=sorted(names, key=lambda pair: pair[1]),
        languages=list(Language),
        seen="" if row is None else mark_of(row.terms),
        title=None if row is None else row.terms.name_in(spoken_language()),
        heard_print="" if sheet.heard is None else print_of(sheet.heard),
        sounds=[] if sheet.heard is None else _sounds(sheet.heard),
        state=None if row is None else state_of(row),
        addresses=_addresses(),
    )


def state_of(row: LineRow) -> LineState:
    """How a line stands with the operator."""
    return row.connection.state(parts().settings.public_url)


def terms_in(fields: Fields) -> LineTerms | None:
    """The line that was typed; None where something of it is missing or too long."""
    name, other = fields.text("name", LONGEST_NAME, needed=True), fields.text("other_name", LONGEST_NAME)
    first = fields.one_of("first_language", Language)
    municipality = fields.sent.get("municipality", "") or None
    if fields.mistakes or first is None:
        return None
    active, hears = "active" in fields.sent, "hears_speech" in fields.sent
    return LineTerms(" ".join(name.split()), " ".join(other.split()) or None, first, municipality, active, hears)


def wrong_with(number: str, terms: LineTerms | None) -> dict[str, str]:
    """What hinders a line to be, all of it at once, before anybody listens."""
    with transaction() as session:
        found = number_of_line(session, number)
    refusals = (found if isinstance(found, LineRefusal) else None, refusal_of(terms) if terms else None)
    return {name: code for refusal in refusals if refusal for name, code in mistaken(refusal).items()}


def mistaken(refusal: LineRefusal) -> dict[str, str]:
    """Beside which field a refusal is told."""
    return {FIELD_OF.get(refusal, FORM): f"line_{refusal}"}


def as_form(terms: LineTerms) -> MultiDict[str, str]:
    """A line as its form shows it before anybody has typed."""
    ticked = {name: "1" for name in ("active", "hears_speech") if getattr(terms, name)}
    told = {name: getattr(terms, name) for name in ("name", "other_name", "first_language", "municipality")}
    return as_typed({**told, **ticked})


def print_of(terms: LineTerms) -> str:
    """What was heard: another name, or another language of the same one, sounds otherwise."""
    return mark_of((terms.first_language, terms.name, terms.other_name))


def _sounds(terms: LineTerms) -> Sequence[tuple[Language, str]]:
    return [(one, url_for("lines.sound", language=one, name=terms.name_in(one))) for one in Language]


def _addresses() -> Sequence[tuple[str, str]]:
    """What a person would set at the operator by hand."""
    public_url = parts().settings.public_url
    if public_url is None:
        return ()
    webhooks = Addresses(public_url, "").webhooks  # none of these is signed
    return [(name, webhooks[name]) for name in TO_SET]
