"""A network that rings back at other hours than most; two networks of one worker, each at its own."""

from datetime import datetime, time

from scheduler.coordination import needs_coordinator
from scheduler.errands import first_time_for
from scheduler.grids import change_hours, grid_of
from scheduler.jobs import enqueue
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.slots import Grid, Span
from tests.calls.days import FI, MOBILE, Day
from tickets.directory import NewHelper, add_helper, add_network, add_organisation
from tickets.intake import Matter, open_ticket
from tickets.network_hours import NetworkHours
from tickets.vocabulary import Channel, HelperKind, Topic

LATE = NetworkHours(time(12), time(20), notice_minutes=120, working_days=2)


def keeps(day: Day, hours: NetworkHours, network: int | None = None) -> None:
    with day.sessions.begin() as session:
        assert change_hours(session, network or day.network, hours, now=day.now, actor="person:1") is None


def test_a_caller_is_offered_no_time_before_the_networks_own_notice(day: Day) -> None:
    keeps(day, LATE)
    day.helper("09:30", "19:30")
    assert day.promise().starts_at == day.at("11:30")  # two hours from nine, and the next of the place


def test_a_day_past_the_networks_own_window_is_not_offered_and_is_once_the_window_is_wider(day: Day) -> None:
    keeps(day, LATE)
    day.helper("10:30", "14:30", days=3)
    assert "waiting_opens" in day.dials().goes_forward().keys
    keeps(day, NetworkHours(working_days=5))
    day.passes(seconds=10)
    assert day.callback().state == "offered"
    assert day.told()[-1] == "offered"
    day.phone(MOBILE).text("+358942450100", "1")
    day.passes(minutes=1)
    assert day.callback().state == "promised"


def test_a_promise_stands_when_the_hours_close_before_it(day: Day) -> None:
    helper = day.helper("13:30", "14:30")
    promise = day.promise()
    keeps(day, NetworkHours(time(8), time(9), notice_minutes=1440, working_days=1))
    day.until(promise.starts_at)
    day.rings(helper.number).hears("helper_options").presses("1")
    day.rings(MOBILE).hears("callback_intro").presses("1").talks()
    assert day.callback().starts_at == promise.starts_at
    assert day.callback().state in ("talking", "kept")


def test_what_a_coordinator_must_see_to_is_due_when_the_networks_own_next_day_ends(day: Day) -> None:
    keeps(day, LATE)
    day.dials().hears().presses("0")
    day.passes(minutes=1)
    with day.sessions.begin() as session:
        ticket = day.ticket().id
        needs_coordinator(session, ticket, "test", now=day.now, grid=grid_of(session, day.network))
    assert day.ticket().deadline == day.at("20:00", 1)


def test_one_worker_rings_for_each_network_at_its_own_hours(day: Day) -> None:
    with day.sessions.begin() as session:
        other = add_network(session, "Muualla", now=day.now)
        organisation = add_organisation(session, other, "Salo", serves=["734"])
        new = NewHelper("Toisaalla", "+358509999999", (FI,), HelperKind.VOLUNTEER)
        helper = add_helper(session, organisation, new, now=day.now)
        during = Span(day.at("09:30"), day.at("19:30"))
        assert add_shift(session, other, NewShift(during), now=day.now, helpers=[helper], grid=Grid())
    keeps(day, LATE, other)
    day.helper("09:30", "19:30")
    with day.sessions.begin() as session:
        for network, number in ((day.network, "+358401110001"), (other, "+358401110002")):
            matter = Matter(network, None, Channel.FORM, FI, number, key=f"form:{network}", topic=Topic.PUHELIN)
            enqueue(session, first_time_for(open_ticket(session, matter, now=day.now).id, "form", now=day.now))
    day.passes(seconds=10)
    starts: dict[object, datetime] = dict(day.fetch("SELECT network_id, starts_at FROM callback"))  # type: ignore[arg-type]
    assert starts == {day.network: day.at("09:30"), other: day.at("11:30")}
