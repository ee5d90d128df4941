"""Campaigns: entered, changed and removed; what is wrong told beside its field; of another network never there."""

import re
from datetime import datetime

import pytest
from flask import Flask

from admin.parts import Parts
from tests.integration.forms import hidden
from tests.integration.report_room import BASE, CAMPAIGN, Reader, coordinator, network
from tickets.network import Network
from tickets.vocabulary import Role

__all__ = ["coordinator", "network"]


def test_a_campaign_is_entered_changed_and_removed(coordinator: Reader) -> None:
    made = coordinator.sends("/campaigns", **CAMPAIGN)
    assert (made.status_code, made.location) == (303, f"{BASE}/campaigns?year=2026")
    page = coordinator.sees("/campaigns?year=2026")
    assert "Digiviikko" in page
    number = re.search(r"/campaigns/(\d+)", page)
    assert number
    form = coordinator.client.get(f"{BASE}/campaigns/{number[1]}")
    assert 'value="Turku"' in form.text
    changed = CAMPAIGN | {"name": "Uusi viikko", "seen": hidden(form, "seen")}
    assert coordinator.sends(f"/campaigns/{number[1]}", **changed).status_code == 303
    late = coordinator.sends(f"/campaigns/{number[1]}", **changed | {"name": "Myöhässä"})
    assert late.status_code == 409
    assert "Joku on muuttanut tätä sillä välin" in late.text
    assert 'value="Myöhässä"' in late.text
    assert "Uusi viikko" in late.text
    assert coordinator.sends(f"/campaigns/{number[1]}/remove").status_code == 303
    assert coordinator.sends(f"/campaigns/{number[1]}/remove").status_code == 404
    assert coordinator.count("campaign") == 0


def test_a_friends_word_and_help_had_before_are_no_means_of_a_campaign_unless_one_was_entered_so(
    coordinator: Reader,
) -> None:
    page = coordinator.sees("/campaigns")
    assert 'value="radio"' in page
    assert not re.search('value="(friend|earlier)"', page)
    coordinator.sends("/campaigns", **CAMPAIGN | {"medium": "friend"})
    number = re.search(r"/campaigns/(\d+)", coordinator.sees("/campaigns?year=2026"))
    assert number
    held = coordinator.sees(f"/campaigns/{number[1]}")
    assert re.search('value="friend" selected', held), "what is entered does not change by being looked at"
    assert 'value="earlier"' not in held


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"), ({"name": "x" * 10_000}, "name"), ({"name": "a\x00"}, "name"), ({"begins": "eilen"}, "begins"),
        ({"ends": "2026-11-01"}, "ends"), ({"medium": "horoskooppi"}, "medium"), ({"municipalities": "Atlantis"}, "municipalities"),
        ({"begins": ""}, "begins"), ({"begins": "0001-01-01"}, "begins"),
    ],
)  # fmt: skip
def test_a_campaign_typed_wrongly_is_told_beside_the_field(
    coordinator: Reader, typed: dict[str, str], field: str
) -> None:
    refused = coordinator.sends("/campaigns", **CAMPAIGN | {"name": "<script>x</script>"} | typed)
    assert refused.status_code == 422
    assert f'id="{field}-mistake"' in refused.text
    assert "<script>x" not in refused.text
    assert coordinator.count("campaign") == 0


def test_another_networks_campaign_is_not_there(app: Flask, parts: Parts, coordinator: Reader, now: datetime) -> None:
    coordinator.sends("/campaigns", **CAMPAIGN)
    number = re.search(r"/campaigns/(\d+)", coordinator.sees("/campaigns?year=2026"))
    assert number
    with parts.sessions.begin() as session:
        other = Network(name="Toinen", created_at=now)
        session.add(other)
        session.flush()
        elsewhere = other.id
    reader = Reader(app, parts, Role.KOORDINAATTORI, elsewhere)
    assert reader.client.get(f"{BASE}/campaigns/{number[1]}").status_code == 404
    assert reader.sends(f"/campaigns/{number[1]}", **CAMPAIGN).status_code == 404
    assert reader.sends(f"/campaigns/{number[1]}/remove").status_code == 404
    assert "Mitään ei ole vielä laskettu" in reader.sees("?period=all")
