"""From a ticket's page to what follows: a time, a place to go to, the network; each refused where it is late or not theirs."""

import re
from datetime import datetime

from tests.integration.case_room import Reader, Room, at, one
from tests.integration.signed_in_people import field
from tickets.vocabulary import Role

LIVE = "SELECT starts_at, state FROM callback WHERE state IN ('promised', 'deficit')"


def offered(page: str) -> list[str]:
    return re.findall(r'name="starts_at" value="([^"]+)"', page)


def test_a_time_is_promised_its_code_is_told_once_and_it_is_moved_and_given_back(
    room: Room, coordinator: Reader
) -> None:
    code = room.office.ticket()
    times = offered(coordinator.sees(at(code, "/time")))
    assert len({at[:10] for at in times}) == 5  # so many days at once
    told = coordinator.done(at(code, "/time"), starts_at=times[0], heard="1")
    assert "Kerro soittajalle nyt" in told
    assert re.search(r"<dd>\d{4}</dd>", told)
    assert "Kerro soittajalle nyt" not in coordinator.sees(at(code))
    page = coordinator.sees(at(code, "/time"))
    callback = field(page, "instead")
    moved = coordinator.done(at(code, "/time"), starts_at=offered(page)[-1], instead=callback)
    assert "Aika on siirretty" in moved
    assert room.rows("SELECT count(*) FROM callback WHERE state = 'promised'") == [(1,)]
    again = field(coordinator.sees(at(code, "/time")), "callback")
    coordinator.done(at(code, "/time/cancel"), callback=again, goes_on="1")
    assert one(room, code, "status, outcome") == ("open", None)
    assert room.rows(LIVE) == []


def test_the_address_that_tells_the_code_is_its_promisers_alone_and_opens_no_page_of_the_residents(
    room: Room, coordinator: Reader
) -> None:
    code = room.office.ticket()
    starts_at = offered(coordinator.sees(at(code, "/time")))[0]
    location = coordinator.sends(at(code, "/time"), starts_at=starts_at).location
    seal = location.partition("seal=")[2]
    assert "Kerro soittajalle nyt" in coordinator.sees(location)
    stranger = room.app.test_client()
    assert [stranger.get(f"/{page}/{seal}").status_code for page in ("time", "booking", "feedback")] == [404] * 3
    assert "Kerro soittajalle nyt" not in room.reader(Role.KOORDINAATTORI).sees(location)
    other = room.office.ticket()
    assert "Kerro soittajalle nyt" not in coordinator.sees(f"{at(other)}?seal={seal}")


def test_a_time_that_is_given_back_closes_the_ticket_and_the_caller_is_told_unless_somebody_does(
    room: Room, coordinator: Reader
) -> None:
    texts = "SELECT count(*) FROM job WHERE kind = 'text' AND payload->>'template' = 'cancelled'"
    for number, typed in enumerate(({"heard": "1"}, {})):
        code = room.office.ticket()
        coordinator.done(at(code, "/time"), starts_at=offered(coordinator.sees(at(code, "/time")))[0])
        callback = field(coordinator.sees(at(code, "/time")), "callback")
        coordinator.done(at(code, "/time/cancel"), callback=callback, **typed)
        assert one(room, code, "status, outcome") == ("closed", "PERUTTU")
        assert room.rows(texts) == [(number,)]


def test_who_is_not_on_the_phone_is_told_of_their_time_by_the_line(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket()
    texts = "SELECT payload->>'template' FROM job WHERE kind = 'text' AND payload->>'template' IN ('booked', 'moved')"
    coordinator.done(at(code, "/time"), starts_at=offered(coordinator.sees(at(code, "/time")))[0])
    assert room.rows(texts) == [("booked",)]


def test_of_two_who_change_one_time_the_second_is_told_how_it_stands(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket()
    first = coordinator.sees(at(code, "/time"))
    coordinator.done(at(code, "/time"), starts_at=offered(first)[0])
    late = room.reader(Role.KOORDINAATTORI)
    refused = late.refused(at(code, "/time"), 409, starts_at=offered(first)[1])
    assert "on jo luvattu toinen aika" in refused
    page = coordinator.sees(at(code, "/time"))
    coordinator.done(at(code, "/time"), starts_at=offered(page)[0], instead=field(page, "instead"))
    stale = {"instead": field(page, "instead"), "starts_at": offered(page)[1]}
    assert "on muuttunut" in late.refused(at(code, "/time"), 409, **stale)
    assert "on muuttunut" in late.refused(at(code, "/time/cancel"), 409, callback=field(page, "callback"))
    assert room.rows(LIVE) == [(datetime.fromisoformat(offered(page)[0]), "promised")]
    coordinator.done(at(code, "/time"), starts_at=offered(page)[0], instead=field(page, "instead"))  # pressed twice
    assert len(room.rows(LIVE)) == 1


def test_a_time_that_nobody_can_keep_or_that_is_none_is_not_promised(room: Room, coordinator: Reader) -> None:
    code, other = room.office.ticket(), room.office.ticket()
    for starts_at in ("2026-11-24T03:00:00+02:00", "2026-11-29T12:00:00+02:00", "2027-11-24T10:00:00+02:00"):
        assert "Valitse toinen" in coordinator.refused(at(code, "/time"), 409, starts_at=starts_at)
    for nothing in ("", "x", "2026-11-24T12:00", "9999-01-01T00:00:00+02:00"):
        assert coordinator.sends(at(code, "/time"), starts_at=nothing).status_code == 400
    room.office.promised(other)
    foreign = room.rows("SELECT id FROM callback")[0][0]
    coordinator.refused(at(code, "/time/cancel"), 409, callback=foreign)
    start = offered(coordinator.sees(at(code, "/time")))[0]
    coordinator.refused(at(code, "/time"), 409, starts_at=start, instead=foreign)
    assert len(room.rows(LIVE)) == 1


def test_whom_no_time_suits_waits_and_who_has_no_number_cannot(room: Room, coordinator: Reader) -> None:
    code, silent = room.office.ticket(), room.office.ticket(caller=None, email="aino@example.fi")
    assert "Odottaa vapautuvaa aikaa" in coordinator.done(at(code, "/time/waiting"))
    assert "Numeroa ei tiedetä" in coordinator.refused(at(silent, "/time/waiting"), 409)
    assert f'{at(silent, "/time")}"' not in coordinator.sees(at(silent))


def test_a_caller_is_sent_on_to_the_nearest_place_and_told_where_it_is(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket()
    page = coordinator.sees(at(code, "/referral"))
    assert page.index("sama kunta") < page.index("sama maakunta")
    point = re.findall(r'name="point" value="([^"]+)"', page)[0]
    kind, place = field(page, "kind"), field(page, "place")
    for _ in range(2):
        assert "Ohjeet lähtevät" in coordinator.done(at(code, "/directions"), kind=kind, place=place)
    assert room.rows("SELECT count(*) FROM job WHERE payload->>'template' = 'nearby'") == [(1,)]
    coordinator.done(at(code, "/referral"), point=point, stays="1")
    assert one(room, code, "status") == ("open",)
    done = coordinator.done(at(code, "/referral"), point=point)
    assert "ohjattiin eteenpäin" in done
    assert one(room, code, "status") == ("closed",)
    assert "jo suljettu" in coordinator.refused(at(code, "/referral"), 409, point=point)


def test_where_to_go_is_looked_for_elsewhere_and_what_is_not_there_is_refused(room: Room, coordinator: Reader) -> None:
    code, silent = room.office.ticket(), room.office.ticket(caller="+35822345678")
    near = coordinator.sees(f"{at(code, '/referral')}?near=21600")
    assert near.index("Parais") < near.index("Turun esimerkkikirjasto")
    wrong = coordinator.gets(f"{at(code, '/referral')}?near=Atlantis")
    assert wrong.status_code == 422
    assert 'id="near-mistake"' in wrong.text
    assert "ei ole enää hakemistossa" in coordinator.refused(at(code, "/referral"), 409, point="<script>")
    coordinator.refused(at(code, "/referral"), point="")
    assert "ei ole enää käytössä" in coordinator.refused(at(code, "/materials"), 409, material="none")
    assert "ei ole enää käytössä" in coordinator.refused(at(code, "/directions"), 409, kind="point", place="999999")
    coordinator.refused(at(code, "/directions"), kind="planet", place="1")
    place = room.rows("SELECT id FROM referral_point ORDER BY id")[0][0]
    assert "ei voi lähettää" in coordinator.refused(at(silent, "/directions"), 409, kind="point", place=place)


def test_what_the_caller_was_given_stands_on_the_ticket(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket()
    page = coordinator.sees(at(code, "/referral"))
    done = coordinator.done(at(code, "/materials"), material=field(page, "material"))
    assert "Mitä soittajalle annettiin" in done
    assert "liitettiin</strong>: " in done


def test_a_case_is_read_by_a_person_as_everybody_will_and_then_published_and_withdrawn(
    room: Room, coordinator: Reader
) -> None:
    code = room.office.ticket("Olen Matti Meikäläinen")
    member = room.reader(Role.JASEN, 1)
    assert "Lue" in coordinator.sees(at(code, "/relay"))
    preview = coordinator.done(at(code, "/relay"))
    number, made = field(preview, "number"), field(preview, "made")
    assert "Mitään ei ole vielä julkaistu" in preview
    for words in ("älypuhelin", "smarttelefon", "Turku", "Åbo"):
        assert words in preview, words
    body = preview[preview.index('class="columns"') :]
    assert "Matti" not in body
    assert code not in re.sub(r'(action|href)="[^"]*"', "", body)
    assert number not in member.sees("/admin/relay")
    coordinator.done(at(code, "/relay/publication"), number=number, made=made)
    assert number in member.sees("/admin/relay")
    assert f"Välityksessä: {number}" in coordinator.sees(at(code))
    coordinator.done(at(code, "/relay/withdrawal"), number=number)
    assert number not in member.sees("/admin/relay")
    assert "It is no longer open" not in coordinator.refused(at(code, "/relay/withdrawal"), 409, number=number)


def test_what_nobody_has_looked_at_is_not_published(room: Room, coordinator: Reader) -> None:
    code, other = room.office.ticket(), room.office.ticket()
    preview = coordinator.done(at(code, "/relay"))
    seen = {"number": field(preview, "number"), "made": field(preview, "made")}
    coordinator.done(at(code, "/refine"), language="fi", device="ipad", topic="PUHELIN")
    coordinator.refused(at(code, "/relay/publication"), 409, **seen)
    room.reader(Role.KOORDINAATTORI).done(at(code, "/relay"))  # somebody else puts it together anew
    with room.parts.sessions.begin() as session:
        session.connection().exec_driver_sql("UPDATE relay SET made_at = made_at + interval '1 second'")
    coordinator.refused(at(code, "/relay/publication"), 409, **seen)
    coordinator.refused(at(other, "/relay/publication"), 409, **seen)  # another ticket's draft
    assert room.rows("SELECT state FROM relay") == [("draft",)]
    anew = coordinator.sees(at(code, "/relay"))
    coordinator.done(at(code, "/relay/publication"), number=field(anew, "number"), made=field(anew, "made"))
    assert room.rows("SELECT state FROM relay") == [("open",)]


def test_what_has_a_time_is_not_asked_of_the_network(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket()
    room.office.promised(code)
    page = coordinator.refused(at(code, "/relay"), 409)
    assert 'role="alert"' in page
    assert room.rows("SELECT count(*) FROM relay") == [(0,)]
