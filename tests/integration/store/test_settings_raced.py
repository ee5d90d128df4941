"""What coordinators change while the phone rings: callers of the same line and network do not wait for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.people.role_rights import change_right
from tests.integration.store.conftest import FI, MOBILE, Town
from tickets.bulletins import put_on
from tickets.intake import Matter, open_ticket
from tickets.line_wording import rewrite
from tickets.lines import change_line
from tickets.network_settings import change_network, terms_of_network
from tickets.rights import Right
from tickets.vocabulary import Channel, Role
from voice_prompts.bulletin import BulletinWords
from voice_prompts.catalogue import Catalogue

Step = Callable[[Town, Session], object]
HAS_TROUBLE = BulletinWords("Palvelussa on tänään häiriö.", "Det är en störning i tjänsten i dag.")


def puts_a_bulletin_on(town: Town, session: Session) -> object:
    """An urgent one, at the busiest minute."""
    ends_at = town.now + timedelta(hours=1)
    return put_on(session, town.network, None, HAS_TROUBLE, ends_at=ends_at, now=town.now, actor="person:1")


def changes_the_network(town: Town, session: Session) -> object:
    """Whether residents are asked how it went."""
    terms = terms_of_network(session, town.network)
    after = replace(terms, asks_feedback=not terms.asks_feedback)
    return change_network(session, town.network, after, now=town.now, actor="person:1")


def changes_the_line(town: Town, session: Session) -> object:
    """The name that it says."""
    return change_line(
        session, town.network, town.line, lambda terms: replace(terms, name="Toinen"), now=town.now, actor="person:1"
    )


def rewrites_a_sentence(town: Town, session: Session) -> object:
    """All lines' own words again."""
    common = Catalogue.load()
    return rewrite(session, town.line, FI, "who_we_are", None, common=common, now=town.now, actor="person:1")


def changes_a_right(town: Town, session: Session) -> object:
    """What a role may do."""
    role, right = Role.KOORDINAATTORI, Right.EDIT_PROMPTS
    return change_right(session, town.network, role, right, None, who=None, now=town.now, actor="line")


@pytest.mark.parametrize(
    "step", [puts_a_bulletin_on, changes_the_network, changes_the_line, rewrites_a_sentence, changes_a_right]
)
def test_a_call_and_its_ticket_do_not_wait_for_whoever_changes_the_line_or_its_network(town: Town, step: Step) -> None:
    matter = Matter(town.network, town.line, Channel.PHONE, FI, MOBILE, key="call:CA1:1")
    with town.sessions.begin() as desk:
        step(town, desk)
        with town.sessions.begin() as ringing:
            ringing.execute(text("SET LOCAL lock_timeout = '1s'"))
            assert open_ticket(ringing, matter, now=town.now).id
    assert town.fetch("SELECT count(*) FROM ticket") == [(1,)]
