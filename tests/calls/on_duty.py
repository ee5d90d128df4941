"""Whoever is texted about broken promises, named as on the page of the settings."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from tickets.network_settings import change_network, terms_of_network


def puts_on_duty(session: Session, network_id: int, number: str, *, now: datetime) -> None:
    """From now on this number is texted."""
    after = replace(terms_of_network(session, network_id), alert_phone=number)
    assert change_network(session, network_id, after, now=now, actor="coordinator:anna") is None
