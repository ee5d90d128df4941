"""What cards and letters of the relay say, line by line, in the language of whoever reads them."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from admin.wording import word_in
from scheduler.relay.words import RelayCard
from tickets.anonymised import area_named
from tickets.relays import Occasion, RelayState
from tickets.vocabulary import PageLanguage
from voice_prompts.language import Language

RELAY: Final = "relay"


class RelayWord(StrEnum):
    """A sentence or a heading of the relay; each has its words under `relay` in admin/translations."""

    CASE = "case"
    PUZZLE = "puzzle"
    CASE_TAKEN = "case_taken"
    PUZZLE_TAKEN = "puzzle_taken"
    WITHDRAWN = "withdrawn"
    NO_NEED = "no_need"
    HIDDEN = "hidden"
    OPEN_CASE = "open_case"
    OPEN_PUZZLE = "open_puzzle"
    SEE = "see"
    AT = "at"
    TOPICS = "topics"
    DEVICE = "device"
    E_SERVICE = "e_service"
    LANGUAGE = "language"
    ON_BEHALF = "on_behalf"
    ACCESS_NEEDS = "access_needs"
    WISHED_FORM = "wished_form"
    AREA = "area"
    DAY_PART = "day_part"
    WAITED = "waited"
    PREFERRED = "preferred"
    ASKED_BY = "asked_by"
    YES = "yes"


_W = RelayWord


def said(language: PageLanguage, sentence: RelayWord, **places: str) -> str:
    """A sentence with its places filled."""
    return word_in(language, RELAY, sentence) % places


def title(language: PageLanguage, card: RelayCard, occasion: Occasion) -> str:
    """What it is about, by its number."""
    if occasion is Occasion.OPENED:
        return said(language, _W.PUZZLE if card.is_puzzle else _W.CASE, number=card.number)
    if card.state is RelayState.WITHDRAWN:
        return said(language, _W.WITHDRAWN, number=card.number)
    return said(language, _W.PUZZLE_TAKEN if card.is_puzzle else _W.CASE_TAKEN, number=card.number)


def facts(language: PageLanguage, card: RelayCard) -> Iterator[tuple[str, str]]:
    """What is known, heading and value; what is not known has no line."""
    for heading, value in _known(language, card):
        if value:
            yield said(language, heading), value


def _known(language: PageLanguage, card: RelayCard) -> Iterator[tuple[RelayWord, str]]:
    shown = card.shown
    yield _W.TOPICS, ", ".join(word_in(language, "topic", topic) for topic in shown.topics)
    yield _W.E_SERVICE, "" if card.e_service is None else card.e_service.name_in(_spoken(language))
    yield _W.DEVICE, _word(language, "device", shown.device)
    yield _W.LANGUAGE, _word(language, "language", shown.language)
    yield _W.ON_BEHALF, said(language, _W.YES) if shown.on_behalf else ""
    yield _W.ACCESS_NEEDS, ", ".join(word_in(language, "access need", need) for need in shown.access_needs)
    yield _W.WISHED_FORM, _word(language, "help form", shown.wished_form)
    yield _W.AREA, _area(language, shown.area)
    yield _W.DAY_PART, _word(language, "day part", shown.day_part)
    yield _W.WAITED, _word(language, "waited", shown.waited)
    yield _W.PREFERRED, card.preferred or ""
    yield _W.ASKED_BY, card.asked_by or ""


def _word(language: PageLanguage, kind: str, code: str | None) -> str:
    return "" if code is None else word_in(language, kind, code)


def _area(language: PageLanguage, code: str | None) -> str:
    area = None if code is None else area_named(code)
    if area is None:
        return ""
    return area.name_sv if language is PageLanguage.SV else area.name_fi


def _spoken(language: PageLanguage) -> Language:
    return Language.SV if language is PageLanguage.SV else Language.FI
