"""Campaigns and indicators as they are entered: what came while a campaign went on counts for it."""

from datetime import date

import pytest

from scheduler.counting import count
from tests.integration.store.conftest import Town
from tests.integration.store.reports import LOIMAA, NOVEMBER, TURKU, Statistics, shown
from tickets.statistics.dimensions import Dimension
from tickets.statistics.entries import (
    EntryRefusal,
    NewCampaign,
    NewIndicator,
    add_campaign,
    add_indicator,
    campaigns_of,
    change_campaign,
    indicators_of,
    remove_campaign,
    remove_indicator,
)
from tickets.vocabulary import HeardOfUs


@pytest.fixture
def statistics(town: Town) -> Statistics:
    """A network without events yet."""
    return Statistics(town)


def test_what_came_while_a_campaign_went_on_counts_for_it_whenever_that_is_entered(statistics: Statistics) -> None:
    statistics.write(6, day=date(2026, 11, 2), municipality=TURKU)
    statistics.write(7, day=date(2026, 11, 2), municipality=LOIMAA)
    statistics.write(8, day=date(2026, 11, 20), municipality=TURKU)
    town, letter = (
        statistics.town,
        NewCampaign("Kirje", date(2026, 11, 1), date(2026, 11, 8), HeardOfUs.LETTER, (TURKU,)),
    )
    with town.sessions.begin() as session:
        campaign = add_campaign(session, town.network, letter)
        assert isinstance(campaign, int)
    assert shown(statistics.report(Dimension.CAMPAIGN)) == {"": 15, str(campaign): 6}
    longer = NewCampaign("Kirje", date(2026, 11, 1), date(2026, 11, 30), HeardOfUs.LETTER, (TURKU,))
    with town.sessions.begin() as session:
        assert change_campaign(session, town.network, campaign, longer) is None
        assert [one.ends for one in campaigns_of(session, town.network, NOVEMBER.begins, NOVEMBER.until)] == [
            longer.ends
        ]
    assert shown(statistics.report(Dimension.CAMPAIGN)) == {"": 7, str(campaign): 14}
    with town.sessions.begin() as session:
        assert remove_campaign(session, town.network, campaign) is None
        assert remove_campaign(session, town.network, campaign) is EntryRefusal.NOT_FOUND
    assert shown(statistics.report(Dimension.CAMPAIGN)) == {"": 21}


def test_a_matter_that_is_counted_during_a_campaign_counts_for_it(statistics: Statistics) -> None:
    town = statistics.town
    radio = NewCampaign("Radio", date(2026, 11, 23), date(2026, 11, 25), HeardOfUs.RADIO)
    with town.sessions.begin() as session:
        campaign = add_campaign(session, town.network, radio)
    ticket = town.ticket()
    town.update("ticket", ticket, status="closed", closed_at=town.now, outcome="RATKAISTU")
    count(town.sessions)
    assert town.fetch("SELECT campaign_id FROM support_event") == [(campaign,)]


def test_a_campaign_or_figure_that_cannot_be_is_refused_and_nothing_is_entered(statistics: Statistics) -> None:
    town = statistics.town
    with town.sessions.begin() as session:
        backwards = NewCampaign("Kirje", date(2026, 11, 8), date(2026, 11, 1), HeardOfUs.LETTER)
        assert add_campaign(session, town.network, backwards) is EntryRefusal.ENDS_BEFORE_IT_BEGINS
        nowhere = NewCampaign("Kirje", date(2026, 11, 1), date(2026, 11, 1), HeardOfUs.LETTER, ("000",))
        assert add_campaign(session, town.network, nowhere) is EntryRefusal.NO_SUCH_MUNICIPALITY
        unsourced = NewIndicator("x", 1.0, "%", date(2026, 1, 1), date(2026, 1, 1), "", " ", date(2026, 1, 1))
        assert add_indicator(session, town.network, unsourced, now=town.now, actor="person:1") is EntryRefusal.NO_SOURCE
    assert town.fetch("SELECT 1 FROM campaign UNION ALL SELECT 1 FROM indicator") == []


def test_an_indicator_stands_with_its_source_until_it_is_taken_back(statistics: Statistics) -> None:
    town = statistics.town
    share_of_contacts = NewIndicator(
        "Digital contacts",
        27.8,
        "%",
        date(2022, 1, 1),
        date(2022, 12, 31),
        "Siun sote",
        "Annual report",
        date(2023, 3, 1),
    )
    with town.sessions.begin() as session:
        number = add_indicator(session, town.network, share_of_contacts, now=town.now, actor="person:1")
        assert isinstance(number, int)
        (card,) = indicators_of(session, town.network, date(2022, 6, 1), date(2022, 7, 1))
        assert (card.value, card.source, card.source_date) == (27.8, "Annual report", date(2023, 3, 1))
        assert indicators_of(session, town.network, date(2023, 1, 1), date(2024, 1, 1)) == ()
        assert (
            remove_indicator(session, town.network + 1, number, now=town.now, actor="person:1")
            is EntryRefusal.NOT_FOUND
        )
        assert remove_indicator(session, town.network, number, now=town.now, actor="person:1") is None
