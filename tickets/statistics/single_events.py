"""Single events, for whoever works on the network's statistics: coarser wherever few are alike."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.statistics.dimensions import step
from tickets.statistics.periods import Period
from tickets.statistics.records import SupportEvent
from tickets.statistics.suppression import SMALLEST


@dataclass(frozen=True, slots=True)
class SingleEvent:
    """An event without its day: its month, and of the areas the smallest in which it is not among few about its topic."""

    month: str
    municipality: str
    subregion: str
    region: str
    wellbeing_county: str
    channel: str
    language: str
    topic: str
    e_service: str
    outcome: str
    helper_kind: str
    wait_minutes: int | None
    same_day: bool
    promises: int
    kept: int
    training_need: bool


_AREAS: Final = ("municipality", "subregion", "wellbeing_county", "region")  # from the smallest


def single_events(session: Session, network_id: int, month: Period) -> tuple[SingleEvent, ...]:
    """The events of a month in no order that tells when they came."""
    mine = (
        (SupportEvent.network_id == network_id) & (SupportEvent.day >= month.begins) & (SupportEvent.day < month.until)
    )
    found = session.scalars(select(SupportEvent).where(mine))
    return coarsened(_single(event, month.begins) for event in found)


def coarsened(events: Iterable[SingleEvent]) -> tuple[SingleEvent, ...]:
    """Events whose area, month, language and topic they share with four others at least: area by area is left out until they
    do, then language and topic."""
    left = tuple(events)
    for area in _AREAS:
        left = _without_few(left, _alike, lambda event, area=area: replace(event, **{area: ""}))  # type: ignore[misc]
    left = _without_few(left, _alike, lambda event: replace(event, language="", topic="", e_service=""))
    return tuple(sorted(left, key=repr))


def _without_few(
    events: Sequence[SingleEvent],
    alike: Callable[[SingleEvent], tuple[str, ...]],
    coarser: Callable[[SingleEvent], SingleEvent],
) -> tuple[SingleEvent, ...]:
    counted = Counter(map(alike, events))
    return tuple(coarser(event) if counted[alike(event)] < SMALLEST else event for event in events)


def _alike(event: SingleEvent) -> tuple[str, ...]:
    areas = tuple(str(getattr(event, area)) for area in _AREAS)
    return (event.month, event.language, event.topic, *areas)


def _single(event: SupportEvent, month: date) -> SingleEvent:
    return SingleEvent(
        f"{month:%Y-%m}",
        event.municipality or "",
        event.subregion or "",
        event.region or "",
        event.wellbeing_county or "",
        event.channel,
        event.language,
        (event.topics or [""])[0],
        event.e_service or "",
        event.outcome or "",
        event.helper_kind or "",
        None if event.wait_minutes is None else step(event.wait_minutes),
        event.same_day,
        event.promises,
        event.kept,
        event.training_need,
    )
