"""Whoever has the secret address follows their shifts in their own calendar: the right hours, and nothing about anybody."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from dateutil.tz import tzical
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from sqlalchemy import event

from admin.parts import PARTS
from scheduler.rota.calendars import OpenedFeed, Whose, feeds_of, open_feed, renew_feed, revoke_feed
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.slots import HELSINKI, Grid, span_on
from tests.integration.store.conftest import Town
from tickets.directory import NewHelper, add_helper, add_network, add_organisation
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

FI, SV = Language.FI, Language.SV
ME = "coordinator:test"
BOTH_CHANGES = (
    *(date(2026, 3, day) for day in (28, 29, 30)),
    *(date(2026, 10, day) for day in (24, 25, 26)),
)


def opened(town: Town, **whose: int) -> OpenedFeed:
    """A feed, opened by a coordinator."""
    with town.sessions.begin() as session:
        feed = open_feed(session, town.network, Whose(**whose), actor=ME, now=town.now)
    assert feed is not None
    return feed


def followed(client: FlaskClient, feed: OpenedFeed, **headers: str) -> TestResponse:
    """What a calendar program gets."""
    return client.get(f"/calendar/{feed.token}.ics", headers=headers)


def events(client: FlaskClient, feed: OpenedFeed, query: str = "") -> list[Event]:
    """The events of a feed, read back."""
    answer = client.get(f"/calendar/{feed.token}.ics{query}")
    assert answer.status_code == 200
    calendar = Calendar.from_ical(answer.data)
    assert isinstance(calendar, Calendar)
    return calendar.events


def words(event: Event) -> str:
    """All that a reader of the event sees."""
    return f"{event['SUMMARY']}\n{event['DESCRIPTION']}"


def shift_on(town: Town, day: date, begins: time, ends: time, *helpers: int) -> int:
    """A published shift by the clock on the wall."""
    new = NewShift(span_on(day, begins, ends), 0, most=max(1, len(helpers)))
    with town.sessions.begin() as session:
        return add_shift(session, town.network, new, now=town.now, helpers=helpers, grid=Grid())


@pytest.fixture
def now() -> datetime:
    """Friday 27 March 2026, ten past nine in Helsinki: summer time begins on Sunday."""
    return datetime(2026, 3, 27, 7, 10, tzinfo=UTC)


def test_a_nine_oclock_shift_is_at_nine_on_both_sides_of_both_changes(town: Town, client: FlaskClient) -> None:
    helper = town.helper()
    for day in BOTH_CHANGES:
        shift_on(town, day, time(9), time(12), helper)
    read = events(client, opened(town, helper_id=helper))
    assert [event.start.astimezone(UTC).hour for event in read] == [7, 6, 6, 6, 7, 7]
    for read_back, day in zip(read, BOTH_CHANGES, strict=True):
        assert f"{read_back.start.astimezone(HELSINKI):%d.%m. %H.%M}" == f"{day:%d.%m.} 09.00"
        assert f"{read_back.end.astimezone(HELSINKI):%d.%m. %H.%M}" == f"{day:%d.%m.} 12.00"
        assert read_back["DTSTART"].params["TZID"] == "Europe/Helsinki"


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_shift_through_the_night_of_a_change_keeps_its_instants(town: Town, client: FlaskClient, day: date) -> None:
    helper = town.helper()
    nights = [(time(0), time(3, 30)), (time(3, 30), time(5))]
    for begins, ends in nights:
        shift_on(town, day, begins, ends, helper)
    read = events(client, opened(town, helper_id=helper))
    meant = [span_on(day, begins, ends) for begins, ends in nights]
    assert [(event.start.astimezone(UTC), event.end.astimezone(UTC)) for event in read] == [
        (span.begins, span.ends) for span in meant
    ]


def test_the_hour_that_autumn_shows_twice_is_told_apart(town: Town, client: FlaskClient) -> None:
    helper = town.helper()
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # half past three for the second time
    shift = shift_on(town, date(2026, 10, 25), time(6), time(7), helper)
    for table, key in (("shift", shift), ("place", 1)):
        town.update(table, key, during=f"[{second.isoformat()}, {(second + timedelta(hours=1)).isoformat()})")
    (event,) = events(client, opened(town, helper_id=helper))
    assert event.start.astimezone(UTC) == second


def test_the_zone_in_the_feed_shows_the_same_clock_as_the_wall_in_helsinki(town: Town, client: FlaskClient) -> None:
    text = followed(client, opened(town, helper_id=town.helper())).text
    begin, end = text.index("BEGIN:VTIMEZONE"), text.index("END:VTIMEZONE")
    zone = tzical(StringIO(text[begin:end] + "END:VTIMEZONE\r\n")).get("Europe/Helsinki")
    hour = datetime(2026, 1, 1, 0, 30)  # noqa: DTZ001
    while hour.year < 2032:
        # The hour that is skipped and the hour that comes twice have no one offset.
        if hour.hour != 3:
            assert hour.replace(tzinfo=zone).utcoffset() == hour.replace(tzinfo=HELSINKI).utcoffset(), hour
        hour += timedelta(hours=1)


def test_an_unknown_a_revoked_and_a_leavers_address_are_all_just_not_there(town: Town, client: FlaskClient) -> None:
    helper, leaver = town.helper(), town.helper()
    revoked, left = opened(town, helper_id=helper), opened(town, helper_id=leaver)
    assert followed(client, revoked).status_code == 200
    with town.sessions.begin() as session:
        assert revoke_feed(session, town.network, revoked.feed_id, actor=ME, now=town.now)
        assert not revoke_feed(session, town.network, revoked.feed_id, actor=ME, now=town.now)
    town.update("helper", leaver, active=False)
    seen = []
    for token in ("A" * 43, "", "%00", revoked.token, left.token):
        answer = client.get(f"/calendar/{token}.ics")
        seen.append((answer.status_code, answer.data, answer.headers["Cache-Control"]))
    assert set(seen) == {(404, seen[0][1], "no-store")}


def test_an_unknown_and_a_revoked_token_cost_the_same_look(town: Town, client: FlaskClient) -> None:
    revoked = opened(town, helper_id=town.helper())
    with town.sessions.begin() as session:
        revoke_feed(session, town.network, revoked.feed_id, actor=ME, now=town.now)
    assert len(_asked(client, revoked.token)) == len(_asked(client, "A" * 43)) == 1


def test_a_renewed_feed_has_a_new_address_and_the_old_one_is_gone(town: Town, client: FlaskClient) -> None:
    feed = opened(town, helper_id=town.helper())
    with town.sessions.begin() as session:
        renewed = renew_feed(session, town.network, feed.feed_id, actor=ME, now=town.now)
        assert renewed is not None
        assert renew_feed(session, town.network, feed.feed_id, actor=ME, now=town.now) is None
        assert [known.id for known in feeds_of(session, town.network)] == [renewed.feed_id]
    assert followed(client, feed).status_code == 404
    assert followed(client, renewed).status_code == 200


def test_the_token_is_nowhere_in_the_database(town: Town) -> None:
    feed = opened(town, helper_id=town.helper())
    rows = town.fetch("SELECT encode(token_hash, 'escape'), f.* FROM calendar_feed f")
    assert feed.token not in str(rows + town.fetch("SELECT * FROM rota_change"))


def test_opening_and_closing_a_feed_each_write_one_line(town: Town) -> None:
    feed = opened(town, helper_id=town.helper())
    with town.sessions.begin() as session:
        revoke_feed(session, town.network, feed.feed_id, actor=ME, now=town.now)
    assert town.fetch("SELECT kind, actor, helper_id FROM rota_change ORDER BY id") == [
        ("feed_opened", ME, 1), ("feed_revoked", ME, 1),
    ]  # fmt: skip


def test_what_has_not_changed_is_not_sent_again(town: Town, client: FlaskClient) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper, days=3)
    feed = opened(town, helper_id=helper)
    first = followed(client, feed)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"] == "private, no-cache"
    same = followed(client, feed, **{"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["ETag"] == first.headers["ETag"]
    assert same.headers["Cache-Control"] == "private, no-cache"
    assert followed(client, feed).data == first.data
    town.shift("10:00", "12:00", helper, days=4)
    assert followed(client, feed, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_dropped_place_and_a_cancelled_shift_are_shown_as_cancelled_for_thirty_days(
    town: Town, client: FlaskClient
) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper, days=3)
    cancelled = town.shift("10:00", "12:00", helper, days=4)
    town.update("place", 1, state="dropped", dropped_at=town.now)
    town.update("shift", cancelled, cancelled_at=town.now, version=4)
    feed = opened(town, helper_id=helper)
    assert [(str(e["UID"]), str(e["STATUS"]), e["SEQUENCE"]) for e in events(client, feed)] == [
        ("place-1@127.0.0.1", "CANCELLED", 2),
        ("place-2@127.0.0.1", "CANCELLED", 5),
    ]
    town.update("place", 1, dropped_at=town.now - timedelta(days=31))
    town.update("shift", cancelled, cancelled_at=town.now - timedelta(days=31))
    assert events(client, feed) == []


def test_an_edited_shift_keeps_its_id_and_counts_up(town: Town, client: FlaskClient) -> None:
    helper = town.helper()
    shift = town.shift("10:00", "12:00", helper, days=3)
    feed = opened(town, helper_id=helper)
    (before,) = events(client, feed)
    town.update("shift", shift, version=2)
    (after,) = events(client, feed)
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (1, 2)


def test_old_shifts_drafts_and_shifts_of_others_are_left_out(town: Town, client: FlaskClient) -> None:
    helper, other = town.helper(), town.helper()
    town.shift("10:00", "12:00", helper, days=-31)
    town.shift("10:00", "12:00", helper, days=-29)
    town.shift("10:00", "12:00", helper, days=3, published=False)
    town.shift("10:00", "12:00", other, days=3)
    assert [str(event["UID"]) for event in events(client, opened(town, helper_id=helper))] == ["place-2@127.0.0.1"]


def test_a_helper_reads_how_many_calls_are_promised_and_nothing_of_the_callers(town: Town, client: FlaskClient) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper, days=3)
    town.shift("10:15", "12:15", town.helper(), days=3)
    town.promise("10:00", days=3, caller="+358401112233", text="Salasana unohtui")
    town.promise("11:00", days=3)
    town.promise("10:15", days=3)  # not at a start of this helper's
    answer = followed(client, opened(town, helper_id=helper))
    (event,) = Calendar.from_ical(answer.data).events
    assert words(event) == (
        "Digituen soittovuoro\nKoko verkoston yhteinen vuoro\n"
        "Luvattuja soittoja vuoron aikana, kaikilla auttajilla yhteensä: 2\nEt ole vielä vahvistanut vuoroa."
    )
    for secret in ("1112233", "Salasana", "Auttaja 1", "+35850"):
        assert secret not in answer.text


def test_a_place_offered_for_swap_says_so_in_the_helpers_language(town: Town, client: FlaskClient) -> None:
    helper = town.helper(SV, FI)
    town.shift("10:00", "12:00", helper, days=3)
    town.update("place", 1, swap_offered_at=town.now, confirmed_at=town.now)
    (event,) = events(client, opened(town, helper_id=helper), "?lang=fi")
    assert "(utlagt för byte)" in event["SUMMARY"]
    assert "Du har bekräftat att du kommer." in event["DESCRIPTION"]


def test_an_organisation_follows_its_own_and_the_pooled_shifts_without_anybodys_name(
    town: Town, client: FlaskClient
) -> None:
    with town.sessions.begin() as session:
        salo = add_organisation(session, town.network, "Salo")
    own, pooled, others = (town.shift("10:00", "12:00", *helpers, days=3) for helpers in ((town.helper(),), (), ()))
    town.update("shift", own, organisation_id=town.organisation, needed=2, most=3, language="sv")
    town.update("shift", others, organisation_id=salo)
    feed = opened(town, organisation_id=town.organisation)
    first, second = events(client, feed)
    assert (str(first["UID"]), str(second["UID"])) == (f"shift-{own}@127.0.0.1", f"shift-{pooled}@127.0.0.1")
    assert words(first) == (
        "Soittovuoro 1/2\nOrganisaatio: Turku\n"
        "Auttajia tarvitaan 2, mukaan mahtuu 3, tulossa 1.\nVuorossa tarvitaan ruotsia."
    )
    assert "Ringpass 1/2" in words(events(client, feed, "?lang=sv")[0])
    etags = {client.get(f"/calendar/{feed.token}.ics{query}").headers["ETag"] for query in ("", "?lang=fi", "?lang=sv")}
    assert len(etags) == 2
    assert "Auttaja 1" not in followed(client, feed).text


def test_nobody_of_another_network_appears_in_any_feed(town: Town, client: FlaskClient) -> None:
    """Invariant 12."""
    helper = town.helper()
    town.shift("10:00", "12:00", helper, days=3)
    with town.sessions.begin() as session:
        elsewhere = add_network(session, "Muualla", now=town.now)
        theirs = add_organisation(session, elsewhere, "Kemi")
        stranger = add_helper(
            session, theirs, NewHelper("Vieras", "+358507654321", (FI,), HelperKind.STAFF), now=town.now
        )
        new = NewShift(span_on(date(2026, 3, 30), time(10), time(12)), 0)
        add_shift(session, elsewhere, new, now=town.now, helpers=[stranger], grid=Grid())
        for whose in (Whose(helper_id=stranger), Whose(organisation_id=theirs)):
            assert open_feed(session, town.network, whose, actor=ME, now=town.now) is None
        strangers = open_feed(session, elsewhere, Whose(helper_id=stranger), actor=ME, now=town.now)
        assert strangers is not None
        assert not revoke_feed(session, town.network, strangers.feed_id, actor=ME, now=town.now)
        assert feeds_of(session, town.network) == ()
    assert len(events(client, opened(town, organisation_id=town.organisation))) == 1
    assert len(events(client, strangers)) == 1
    # Even a place that found its way into another network's shift is not shown.
    other = town.helper()
    town.update("place", 2, helper_id=other)
    assert len(events(client, opened(town, helper_id=helper))) == 1
    assert events(client, opened(town, helper_id=other)) == []


def test_reading_a_feed_takes_two_looks(town: Town, client: FlaskClient) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper, days=3)
    assert len(_asked(client, opened(town, helper_id=helper).token)) == 2


def _asked(client: FlaskClient, token: str) -> list[str]:
    """What the application asks its database for one answer."""
    engine = client.application.extensions[PARTS].engine
    client.get(f"/calendar/{token}.ics")  # whatever is done once for a connection is done
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    client.get(f"/calendar/{token}.ics")
    event.remove(engine, "before_cursor_execute", note)
    return sent
