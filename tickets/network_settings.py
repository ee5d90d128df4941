"""What holds for a whole network: how long calls take, what is kept for Swedish, who is texted, whether callers are asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.network import Network
from tickets.people_log import About, PeopleChangeKind, note_people
from tickets.phone_numbers import e164_of
from tickets.store import cipher_of
from tickets.vocabulary import Topic

LONGEST_RELEASE: Final = 24 * 45  # hours; longer than 30 working days, the widest window, so nothing is kept at all
LONGEST_CALL: Final = 240  # minutes
STEP: Final = 15


class SettingsRefusal(StrEnum):
    """Why settings stay as they are; the pages have the words."""

    BAD_LENGTH = "bad_length"
    BAD_RELEASE = "bad_release"
    BAD_PHONE = "bad_phone"
    CHANGED_MEANWHILE = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class NetworkTerms:
    """The settings; topics that are not named take a usual call. `alert_phone`: whoever is texted, None for nobody."""

    call_minutes: Mapping[Topic, int]
    swedish_release_hours: int
    asks_feedback: bool
    alert_phone: str | None


def terms_of_network(session: Session, network_id: int) -> NetworkTerms:
    """The settings of a network; the number on duty opened, for whoever keeps them."""
    return _terms_of(session, session.get_one(Network, network_id))


def change_network(
    session: Session,
    network_id: int,
    after: NetworkTerms,
    *,
    seen: NetworkTerms | None = None,
    now: datetime,
    actor: str,
) -> SettingsRefusal | None:
    """Let them be so from now on; promises that are made keep their length. `seen`: as they were when somebody began."""
    query = select(Network).where(Network.id == network_id).with_for_update(key_share=True)
    row = session.scalars(query, execution_options={"populate_existing": True}).one()
    before = _terms_of(session, row)
    if seen is not None and seen != before:
        return SettingsRefusal.CHANGED_MEANWHILE
    phone = None if after.alert_phone is None else e164_of(after.alert_phone)
    if (refusal := _refusal(after, phone)) is not None:
        return refusal
    row.call_minutes = {topic.value: minutes for topic, minutes in after.call_minutes.items()}
    row.swedish_release_hours, row.asks_feedback = after.swedish_release_hours, after.asks_feedback
    if phone != before.alert_phone:
        row.alert_phone_sealed = None if phone is None else cipher_of(session).seal(phone)
    session.flush()
    written = _terms_of(session, row)
    if fields := [name for name in after.__slots__ if getattr(before, name) != getattr(written, name)]:
        kind, about = PeopleChangeKind.SETTINGS_CHANGED, About()
        note_people(session, network_id, kind, about, actor=actor, now=now, fields=fields)
    return None


def _refusal(after: NetworkTerms, phone: str | None) -> SettingsRefusal | None:
    if any(minutes % STEP or not STEP <= minutes <= LONGEST_CALL for minutes in after.call_minutes.values()):
        return SettingsRefusal.BAD_LENGTH
    if not 0 <= after.swedish_release_hours <= LONGEST_RELEASE:
        return SettingsRefusal.BAD_RELEASE
    return SettingsRefusal.BAD_PHONE if after.alert_phone is not None and phone is None else None


def _terms_of(session: Session, row: Network) -> NetworkTerms:
    minutes = {Topic(topic): int(length) for topic, length in sorted(row.call_minutes.items())}
    phone = None if row.alert_phone_sealed is None else cipher_of(session).open(row.alert_phone_sealed)
    return NetworkTerms(minutes, row.swedish_release_hours, row.asks_feedback, phone)
