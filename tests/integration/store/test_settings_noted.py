"""What is kept of a network's settings: a change is told to the log and to who waits, and what changes nothing to nobody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

from sqlalchemy.orm import Session

from scheduler.errands import Errand, counting, reconciling
from scheduler.grids import change_hours
from scheduler.jobs import claim, enqueue, finish, last_done
from scheduler.lines import change_line as change_and_connect
from tests.integration.store.conftest import MOBILE, Town
from tests.integration.store.test_waiting import waits
from tickets.lines import LineTerms, change_line
from tickets.network_hours import NetworkHours, hours_of, write_hours
from tickets.network_settings import change_network, terms_of_network

WIDER = NetworkHours(time(8), time(18))


def noted(town: Town) -> Sequence[tuple[object, ...]]:
    """What the log of changes tells of the settings: what it was, and of which fields."""
    return town.fetch("SELECT kind, details->'fields' FROM people_change ORDER BY id")


def changes(session: Session, town: Town, **terms: object) -> object:
    """Somebody changes a line."""
    by = {"now": town.now, "actor": "person:1"}
    return change_line(session, town.network, town.line, lambda known: replace(known, **terms), **by)  # type: ignore[arg-type]


def test_a_line_that_stays_as_it_is_is_not_in_the_log_and_one_that_changes_is(session: Session, town: Town) -> None:
    changes(session, town)
    session.commit()
    assert noted(town) == []
    changes(session, town, name="Digineuvo", hears_speech=True)
    session.commit()
    assert noted(town) == [("line_changed", ["name", "hears_speech"])]


def test_whoever_changes_a_line_learns_how_it_was(session: Session, town: Town) -> None:
    before = changes(session, town, name="Digineuvo", active=False)
    assert isinstance(before, LineTerms)
    assert (before.name, before.active) == ("Digituki", True)
    assert changes(session, town) == replace(before, name="Digineuvo", active=False)


def test_only_a_line_that_was_out_of_use_is_connected_anew(session: Session, town: Town) -> None:
    by = (session, town.network, town.line)
    for active, connected in ((True, 0), (False, 0), (True, 1), (True, 1)):
        assert change_and_connect(*by, lambda known: replace(known, active=active), now=town.now, actor="line") is None  # noqa: B023
        session.commit()
        assert len([key for key in town.jobs() if key.startswith(Errand.CONNECT_LINE)]) == connected


def test_settings_that_stay_as_they_are_are_not_in_the_log_and_those_that_change_are(
    session: Session, town: Town
) -> None:
    terms = replace(terms_of_network(session, town.network), alert_phone=MOBILE)
    for _ in range(2):
        assert change_network(session, town.network, terms, now=town.now, actor="person:1") is None
        session.commit()
        assert noted(town) == [("settings_changed", ["alert_phone"])]


def test_who_waits_is_told_of_other_hours_and_not_of_the_same(session: Session, town: Town) -> None:
    waits(town)
    town.update("job", 1, state="done")  # of joining the line
    for hours, woken in ((NetworkHours(), 0), (WIDER, 1), (WIDER, 1)):
        assert change_hours(session, town.network, hours, now=town.now, actor="person:1") is None
        session.commit()
        assert len([key for key in town.jobs() if key.startswith(Errand.FREED)]) == woken
    assert noted(town) == [("settings_changed", ["opens", "closes"])]


def test_whoever_changes_the_hours_learns_how_they_were(session: Session, town: Town) -> None:
    assert write_hours(session, town.network, WIDER, now=town.now, actor="person:1") == NetworkHours()
    assert hours_of(session, town.network) == WIDER


def test_the_last_round_of_an_errand_is_one_that_was_done_and_of_no_other_errand(session: Session, town: Town) -> None:
    assert last_done(session, Errand.RECONCILE) is None
    rounds = [town.now + number * timedelta(minutes=5) for number in range(4)]
    enqueue(session, *(reconciling(number + 100, now=at) for number, at in enumerate(rounds)))
    enqueue(session, counting(109, now=rounds[0]))
    held = claim(session, now=rounds[-1], limit=9, lease=timedelta(minutes=1))
    later = rounds[-1] + timedelta(hours=1)
    for job in held:
        if job.run_at < rounds[2]:
            assert finish(session, job, now=later)
    assert last_done(session, Errand.RECONCILE) == rounds[1]
    assert last_done(session, Errand.COUNT) == rounds[0]
