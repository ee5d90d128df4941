"""What coordinators enter beside the counted: campaigns, and indicators with their source."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tickets.municipalities import by_code
from tickets.people_log import About, PeopleChangeKind, note_people
from tickets.statistics.records import CAMPAIGN_OF, Campaign, Indicator
from tickets.vocabulary import HeardOfUs


class EntryRefusal(StrEnum):
    """Why something is not entered."""

    NOT_FOUND = "not_found"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    NO_SUCH_MUNICIPALITY = "no_such_municipality"
    NO_SOURCE = "no_source"


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign to be; no municipalities: everywhere."""

    name: str
    begins: date
    ends: date
    medium: HeardOfUs
    municipalities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """A campaign as it stands."""

    id: int
    name: str
    begins: date
    ends: date
    medium: HeardOfUs
    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewIndicator:
    """A figure from elsewhere; `area` in the source's words, empty for the whole network."""

    name: str
    value: float
    unit: str
    begins: date
    ends: date
    area: str
    source: str
    source_date: date


@dataclass(frozen=True, slots=True)
class IndicatorCard:
    """A figure as it stands, and who entered it when."""

    id: int
    name: str
    value: float
    unit: str
    begins: date
    ends: date
    area: str
    source: str
    source_date: date
    entered_by: str
    entered_at: datetime


def add_campaign(session: Session, network_id: int, new: NewCampaign) -> int | EntryRefusal:
    """A new campaign; what was counted in its days already counts for it from now on."""
    refusal = _wrong_with(new)
    if refusal is not None:
        return refusal
    campaign = Campaign(
        network_id=network_id,
        name=new.name,
        begins=new.begins,
        ends=new.ends,
        medium=new.medium,
        municipalities=list(new.municipalities),
    )
    session.add(campaign)
    session.flush()
    _attribute(session, network_id, new.begins, new.ends)
    return campaign.id


def change_campaign(session: Session, network_id: int, campaign_id: int, new: NewCampaign) -> EntryRefusal | None:
    """The campaign was different; what was counted in its days, old and new, is looked at again."""
    campaign = _campaign(session, network_id, campaign_id)
    refusal = _wrong_with(new) if campaign is not None else EntryRefusal.NOT_FOUND
    if campaign is None or refusal is not None:
        return refusal
    begins, ends = min(campaign.begins, new.begins), max(campaign.ends, new.ends)
    campaign.name, campaign.begins, campaign.ends, campaign.medium = new.name, new.begins, new.ends, new.medium
    campaign.municipalities = list(new.municipalities)
    session.flush()
    _attribute(session, network_id, begins, ends)
    return None


def remove_campaign(session: Session, network_id: int, campaign_id: int) -> EntryRefusal | None:
    """There was no such campaign; its events count for whichever other was going on."""
    campaign = _campaign(session, network_id, campaign_id)
    if campaign is None:
        return EntryRefusal.NOT_FOUND
    begins, ends = campaign.begins, campaign.ends
    session.delete(campaign)
    session.flush()
    _attribute(session, network_id, begins, ends)
    return None


def campaigns_of(session: Session, network_id: int, begins: date, until: date) -> tuple[CampaignCard, ...]:
    """The campaigns that touch the days before `until`, the earliest first."""
    touching = (Campaign.network_id == network_id) & (Campaign.begins < until) & (Campaign.ends >= begins)
    found = session.scalars(select(Campaign).where(touching).order_by(Campaign.begins, Campaign.id))
    return tuple(map(_card, found))


def campaign_of(session: Session, network_id: int, campaign_id: int, *, held: bool = False) -> CampaignCard | None:
    """A campaign as it stands; `held` so that nobody changes it before we have."""
    campaign = _campaign(session, network_id, campaign_id, held=held)
    return None if campaign is None else _card(campaign)


def add_indicator(
    session: Session, network_id: int, new: NewIndicator, *, now: datetime, actor: str
) -> int | EntryRefusal:
    """A new figure; one without a source is none."""
    refusal = _wrong_with_figure(new)
    if refusal is not None:
        return refusal
    indicator = Indicator(
        network_id=network_id,
        name=new.name,
        value=new.value,
        unit=new.unit,
        begins=new.begins,
        ends=new.ends,
        area=new.area,
        source=new.source,
        source_date=new.source_date,
        entered_by=actor,
        entered_at=now,
    )
    session.add(indicator)
    session.flush()
    return indicator.id


def change_indicator(
    session: Session, network_id: int, indicator_id: int, new: NewIndicator, *, now: datetime, actor: str
) -> EntryRefusal | None:
    """The figure was written down wrongly; the log keeps what it was."""
    indicator = _indicator(session, network_id, indicator_id)
    refusal = _wrong_with_figure(new) if indicator is not None else EntryRefusal.NOT_FOUND
    if indicator is None or refusal is not None:
        return refusal
    before = indicator.value
    for name in NewIndicator.__slots__:
        setattr(indicator, name, getattr(new, name))
    session.flush()
    kind, was, became = PeopleChangeKind.INDICATOR_CHANGED, _digits(before), _digits(new.value)
    note_people(session, network_id, kind, About(), actor=actor, now=now, number=indicator_id, was=was, became=became)
    return None


def remove_indicator(
    session: Session, network_id: int, indicator_id: int, *, now: datetime, actor: str
) -> EntryRefusal | None:
    """There was no such figure."""
    indicator = _indicator(session, network_id, indicator_id)
    if indicator is None:
        return EntryRefusal.NOT_FOUND
    session.delete(indicator)
    session.flush()
    kind, was = PeopleChangeKind.INDICATOR_REMOVED, _digits(indicator.value)
    note_people(session, network_id, kind, About(), actor=actor, now=now, number=indicator_id, was=was, became="")
    return None


def indicator_of(session: Session, network_id: int, indicator_id: int, *, held: bool = False) -> IndicatorCard | None:
    """A figure as it stands; `held` so that nobody changes it before we have."""
    indicator = _indicator(session, network_id, indicator_id, held=held)
    return None if indicator is None else _indicator_card(indicator)


def indicators_of(session: Session, network_id: int, begins: date, until: date) -> tuple[IndicatorCard, ...]:
    """The figures about days before `until`, by name and then by time."""
    touching = (Indicator.network_id == network_id) & (Indicator.begins < until) & (Indicator.ends >= begins)
    found = session.scalars(select(Indicator).where(touching).order_by(Indicator.name, Indicator.begins, Indicator.id))
    return tuple(map(_indicator_card, found))


def campaign_names(session: Session, network_id: int, ids: Collection[str]) -> dict[str, str]:
    """The names of campaigns by their numbers as text, as a table by campaign has them."""
    wanted = Campaign.id.in_([int(one) for one in ids if one])
    rows = session.execute(select(Campaign.id, Campaign.name).where(Campaign.network_id == network_id, wanted))
    return {str(row.id): row.name for row in rows}


def _wrong_with(new: NewCampaign) -> EntryRefusal | None:
    if new.ends < new.begins:
        return EntryRefusal.ENDS_BEFORE_IT_BEGINS
    return None if all(map(by_code, new.municipalities)) else EntryRefusal.NO_SUCH_MUNICIPALITY


def _wrong_with_figure(new: NewIndicator) -> EntryRefusal | None:
    if new.ends < new.begins:
        return EntryRefusal.ENDS_BEFORE_IT_BEGINS
    return None if new.source.strip() else EntryRefusal.NO_SOURCE


def _digits(value: float) -> str:
    """All that was entered of it: the population of a country has seven."""
    return f"{value:.15g}"


def _indicator(session: Session, network_id: int, indicator_id: int, *, held: bool = True) -> Indicator | None:
    mine = select(Indicator).where(Indicator.id == indicator_id, Indicator.network_id == network_id)
    return session.scalars(
        mine.with_for_update() if held else mine, execution_options={"populate_existing": True}
    ).one_or_none()


def _indicator_card(one: Indicator) -> IndicatorCard:
    return IndicatorCard(**{name: getattr(one, name) for name in IndicatorCard.__slots__})


def _campaign(session: Session, network_id: int, campaign_id: int, *, held: bool = True) -> Campaign | None:
    mine = select(Campaign).where(Campaign.id == campaign_id, Campaign.network_id == network_id)
    return session.scalars(
        mine.with_for_update() if held else mine, execution_options={"populate_existing": True}
    ).one_or_none()


def _card(one: Campaign) -> CampaignCard:
    return CampaignCard(one.id, one.name, one.begins, one.ends, one.medium, tuple(one.municipalities))


_ATTRIBUTE = text(f"""
WITH changed AS (
    UPDATE support_event e SET campaign_id = now_of.campaign FROM (
        SELECT s.id, ({CAMPAIGN_OF.format(event="s")}) AS campaign FROM support_event s
        WHERE s.network_id = :network AND s.day BETWEEN :begins AND :ends
    ) AS now_of WHERE e.id = now_of.id AND e.campaign_id IS DISTINCT FROM now_of.campaign
)
INSERT INTO support_month_due (network_id, month, due)
SELECT DISTINCT network_id, CAST(date_trunc('month', day) AS date), true FROM support_event
WHERE network_id = :network AND day BETWEEN :begins AND :ends ORDER BY 1, 2
ON CONFLICT (network_id, month) DO UPDATE SET due = true
""")  # noqa: S608 - of our own words only


def _attribute(session: Session, network_id: int, begins: date, ends: date) -> None:
    """Say anew which campaign each event of these days counts for; their months are summed again soon."""
    session.execute(_ATTRIBUTE, {"network": network_id, "begins": begins, "ends": ends})
