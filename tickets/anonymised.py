"""A case as the whole network may see it: codes out of closed lists, and nothing else. Pure.

Nothing that a caller typed, said, keyed or is called can pass here, because nothing passes but members of enumerations,
codes of areas, and names that the network gave its own organisations. Why each is or is not shown: docs/decisions/0020-relay.md.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeVar

from tickets.municipalities import Area, all_municipalities, by_code
from tickets.ticket import Ticket
from tickets.vocabulary import AccessNeed, Device, HelpForm, Topic
from voice_prompts.language import Language

FEWEST_MUNICIPALITIES: Final = 3  # an area of fewer is named by the region around it
NOON, EVENING = 12, 17
DAY, WEEK = timedelta(days=1), timedelta(days=7)


class DayPart(StrEnum):
    """When in the day the caller got in touch; never the hour."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Waited(StrEnum):
    """How long the caller had waited when the case was put together."""

    UNDER_A_DAY = "under_a_day"
    DAYS = "days"
    OVER_A_WEEK = "over_a_week"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a relay says, every word of it a code; `preferred` is the organisation that helped this caller before."""

    topics: tuple[Topic, ...] = ()
    device: Device | None = None
    e_service: str | None = None
    language: Language | None = None
    on_behalf: bool | None = None
    access_needs: tuple[AccessNeed, ...] = ()
    wished_form: HelpForm | None = None
    area: str | None = None  # code of a sub-region (three digits) or a region (two)
    day_part: DayPart | None = None
    waited: Waited | None = None
    preferred: int | None = None


def anonymised(
    ticket: Ticket, local: datetime, now: datetime, preferred: int | None, e_services: Collection[str]
) -> Shown:
    """The case without its person; `local` is when it came by the clock on the wall, `e_services` the codes of the list."""
    named = [ticket.topic] if ticket.topic and not ticket.topics else ticket.topics
    return Shown(
        topics=_of(Topic, named),
        device=ticket.device,
        e_service=ticket.e_service if ticket.e_service in e_services else None,
        language=ticket.language,
        on_behalf=ticket.on_behalf,
        access_needs=_of(AccessNeed, ticket.access_needs),
        wished_form=ticket.wished_form,
        area=None if ticket.non_disclosure else area_around(ticket.municipality),
        day_part=_part_of(local),
        waited=_waited(now - ticket.created_at),
        preferred=preferred,
    )


def area_around(municipality: str | None) -> str | None:
    """The code of the sub-region around a municipality, or of the region where that has fewer than three municipalities."""
    place = None if municipality is None else by_code(municipality)
    return None if place is None else subregion_around(municipality) or place.region.code


def subregion_around(municipality: str | None) -> str | None:
    """The code of the sub-region around a municipality; none where that has fewer than three municipalities."""
    place = None if municipality is None else by_code(municipality)
    if place is None:
        return None
    others = sum(other.subregion.code == place.subregion.code for other in all_municipalities())
    return place.subregion.code if others >= FEWEST_MUNICIPALITIES else None


def area_named(code: str) -> Area | None:
    """The sub-region or region of this code."""
    areas = (area for place in all_municipalities() for area in (place.subregion, place.region))
    return next((area for area in areas if area.code == code), None)


def as_kept(shown: Shown) -> dict[str, Any]:
    """What is shown as it is kept in jsonb, without what is not known."""
    whole = {
        "topics": [*shown.topics],
        "device": shown.device,
        "e_service": shown.e_service,
        "language": shown.language,
        "on_behalf": shown.on_behalf,
        "access_needs": [*shown.access_needs],
        "wished_form": shown.wished_form,
        "area": shown.area,
        "day_part": shown.day_part,
        "waited": shown.waited,
        "preferred": shown.preferred,
    }
    return {name: value for name, value in whole.items() if value is not None and value != []}


def as_shown(kept: Mapping[str, Any], e_services: Collection[str]) -> Shown:
    """What was kept, read through the same closed lists: a word that is in none of them is not shown."""
    area, on_behalf, preferred = kept.get("area"), kept.get("on_behalf"), kept.get("preferred")
    return Shown(
        topics=_of(Topic, kept.get("topics", ())),
        device=_one(Device, kept.get("device")),
        e_service=kept.get("e_service") if kept.get("e_service") in e_services else None,
        language=_one(Language, kept.get("language")),
        on_behalf=on_behalf if isinstance(on_behalf, bool) else None,
        access_needs=_of(AccessNeed, kept.get("access_needs", ())),
        wished_form=_one(HelpForm, kept.get("wished_form")),
        area=area if isinstance(area, str) and area_named(area) else None,
        day_part=_one(DayPart, kept.get("day_part")),
        waited=_one(Waited, kept.get("waited")),
        preferred=preferred if isinstance(preferred, int) else None,
    )


_Code = TypeVar("_Code", bound=StrEnum)


def _of(kind: type[_Code], codes: Iterable[str]) -> tuple[_Code, ...]:
    return tuple(known for code in dict.fromkeys(codes) if (known := _one(kind, code)) is not None)


def _one(kind: type[_Code], code: object) -> _Code | None:
    return next((member for member in kind if member.value == code), None)


def _part_of(local: datetime) -> DayPart:
    if local.hour < NOON:
        return DayPart.MORNING
    return DayPart.AFTERNOON if local.hour < EVENING else DayPart.EVENING


def _waited(since: timedelta) -> Waited:
    if since < DAY:
        return Waited.UNDER_A_DAY
    return Waited.DAYS if since < WEEK else Waited.OVER_A_WEEK
