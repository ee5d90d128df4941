"""What a coordinator typed about shifts, templates and closures: read, with a mistake for each field that cannot be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from werkzeug.datastructures import MultiDict

from admin.api.rota_shapes import LONGEST_CALL, LONGEST_REASON, MOST_PLACES
from admin.people.reading import number_of, row_of, time_of
from admin.rota.view import day_of
from scheduler.rota.listing import ShiftCard, Terms
from scheduler.rota.recurrence import RuleFault
from scheduler.rota.shifts import ShiftRefusal
from scheduler.slots import HELSINKI, span_on
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

QUARTER: Final = 15
Mistakes = dict[str, str]
Sent = MultiDict[str, str]  # a form as it was sent


class RotaMistake(StrEnum):
    """What can be wrong in a form of the rota, by itself or as the rota refuses it."""

    NOT_A_DAY = "rota_not_a_day"
    NOT_A_TIME = "rota_not_a_time"
    NOT_A_NUMBER = "rota_not_a_number"
    NOT_A_CHOICE = "rota_not_a_choice"
    NO_REASON = "rota_no_reason"
    NO_NAME = "rota_no_name"
    TOO_LONG_A_TEXT = "rota_too_long_a_text"
    NO_WEEKDAY = "rota_no_weekday"
    NOT_FOUND = "rota_not_found"
    STALE = "rota_stale"
    CANCELLED = "rota_cancelled"
    ENDED = "rota_ended"
    NO_LENGTH = "rota_no_length"
    TOO_LONG = "rota_too_long"
    BAD_NUMBERS = "rota_bad_numbers"
    UNKNOWN_ORGANISATION = "rota_unknown_organisation"
    UNKNOWN_HELPER = "rota_unknown_helper"
    HELPER_NOT_FREE = "rota_helper_not_free"
    TOO_MANY_HELD = "rota_too_many_held"
    NAME_TAKEN = "rota_name_taken"
    ALREADY_DONE = "rota_already_done"
    BAD_RULE = "rota_bad_rule"
    ENDS_BEFORE = "rota_ends_before"
    NEVER = "rota_never"


FIELDS: Final[Mapping[RotaMistake, str]] = {
    RotaMistake.NO_LENGTH: "ends",
    RotaMistake.TOO_LONG: "ends",
    RotaMistake.ENDED: "ends",
    RotaMistake.BAD_NUMBERS: "most",
    RotaMistake.TOO_MANY_HELD: "most",
    RotaMistake.UNKNOWN_ORGANISATION: "organisation",
    RotaMistake.UNKNOWN_HELPER: "helpers",
    RotaMistake.HELPER_NOT_FREE: "helpers",
    RotaMistake.NAME_TAKEN: "name",
    RotaMistake.ENDS_BEFORE: "until",
    RotaMistake.BAD_RULE: "rule",
    RotaMistake.NEVER: "weekdays",
}
_RULES: Final[Mapping[RuleFault, RotaMistake]] = {
    RuleFault.ENDS_BEFORE: RotaMistake.ENDS_BEFORE,
    RuleFault.NEVER: RotaMistake.NEVER,
}


def mistake_of(refusal: ShiftRefusal | RuleFault) -> RotaMistake:
    """The rota's refusal as a mistake of a form."""
    return (
        _RULES.get(refusal, RotaMistake.BAD_RULE) if isinstance(refusal, RuleFault) else RotaMistake(f"rota_{refusal}")
    )


def at_field(refusal: ShiftRefusal | RuleFault, otherwise: str) -> Mistakes:
    """The same beside the field that it is about, or beside another."""
    mistake = mistake_of(refusal)
    return {FIELDS.get(mistake, otherwise): mistake}


@dataclass(frozen=True, slots=True)
class TypedTerms:
    """How many a shift asks for, and whom; `call` is how long one call holds a helper, in minutes."""

    needed: str = "1"
    most: str = "1"
    organisation: str = ""
    language: str = ""
    kind: str = ""
    call: str = "60"

    @classmethod
    def sent(cls, form: Sent) -> "TypedTerms":
        """As it was typed."""
        names = ("needed", "most", "organisation", "language", "kind", "call")
        return cls(*(form.get(name, "").strip()[:100] for name in names))

    @property
    def mistakes(self) -> Mistakes:
        """What is wrong with it, by field."""
        wrong: Mistakes = {}
        for name, typed in (("needed", self.needed), ("most", self.most)):
            if (count := number_of(typed)) is None or count > MOST_PLACES:
                wrong[name] = RotaMistake.NOT_A_NUMBER
        if self.organisation and row_of(self.organisation) is None:
            wrong["organisation"] = RotaMistake.UNKNOWN_ORGANISATION
        if self.language and self.language not in list(Language):
            wrong["language"] = RotaMistake.NOT_A_CHOICE
        if self.kind and self.kind not in list(HelperKind):
            wrong["kind"] = RotaMistake.NOT_A_CHOICE
        minutes = number_of(self.call) or 0
        if not 0 < minutes <= LONGEST_CALL or minutes % QUARTER:
            wrong["call"] = RotaMistake.NOT_A_CHOICE
        return wrong

    @property
    def language_read(self) -> Language | None:
        """The language that is asked for."""
        return Language(self.language) if self.language else None

    @property
    def kind_read(self) -> HelperKind | None:
        """The kind of helper that is asked for."""
        return HelperKind(self.kind) if self.kind else None


@dataclass(frozen=True, slots=True)
class TypedShift:
    """A shift of one day; it ends on the next one where it ends at or before the hour at which it begins."""

    day: str
    begins: str
    ends: str
    asks: TypedTerms
    version: str = ""
    draft: bool = False

    @classmethod
    def sent(cls, form: Sent) -> "TypedShift":
        """As it was typed."""
        day, begins, ends, version = (form.get(name, "").strip()[:100] for name in ("day", "begins", "ends", "version"))
        return cls(day, begins, ends, TypedTerms.sent(form), version, bool(form.get("draft")))

    @classmethod
    def of(cls, card: ShiftCard) -> "TypedShift":
        """As it stands."""
        terms, begins = card.terms, card.terms.during.begins.astimezone(HELSINKI)
        asks = TypedTerms(
            str(terms.needed),
            str(terms.most),
            str(terms.organisation_id or ""),
            terms.language or "",
            terms.kind or "",
            str(card.call_minutes),
        )
        ends = terms.during.ends.astimezone(HELSINKI)
        return cls(begins.date().isoformat(), f"{begins:%H:%M}", f"{ends:%H:%M}", asks, str(card.version))

    @property
    def mistakes(self) -> Mistakes:
        """What is wrong with it, by field."""
        wrong: Mistakes = {} if day_of(self.day) else {"day": RotaMistake.NOT_A_DAY}
        for name, typed in (("begins", self.begins), ("ends", self.ends)):
            if time_of(typed) is None:
                wrong[name] = RotaMistake.NOT_A_TIME
        return wrong | self.asks.mistakes

    @property
    def terms(self) -> Terms:
        """What it asks for; only where nothing is wrong."""
        day, begins, ends, asks = day_of(self.day), time_of(self.begins), time_of(self.ends), self.asks
        assert day is not None
        assert begins is not None
        assert ends is not None
        needed, most = int(asks.needed), int(asks.most)
        during = span_on(day, begins, ends)
        return Terms(during, needed, most, row_of(asks.organisation), asks.language_read, asks.kind_read)


def text_mistakes(name: str, typed: str, missing: RotaMistake, longest: int = LONGEST_REASON) -> Mistakes:
    """What is wrong with a text that has to be there and not too long."""
    if not typed:
        return {name: missing}
    return {name: RotaMistake.TOO_LONG_A_TEXT} if len(typed) > longest else {}


def ids_of(typed: Sequence[str]) -> tuple[int, ...]:
    """The numbers of rows in what was ticked."""
    return tuple(key for key in map(row_of, typed) if key is not None)


CALLS: Final = tuple(range(2 * QUARTER, LONGEST_CALL // 2 + 1, QUARTER))
