"""Shifts, templates, publications, proposals and closures, as a coordinator types them: nothing half saved, nothing typed lost."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.rota.proposing import begin_proposal, give_up_proposal
from scheduler.rota.working_out import work_out
from scheduler.slots import Span
from tests.integration.rota_desk import SATURDAY, RotaDesk
from tests.integration.signed_in_people import HOSTILE, field

NEW = {"day": "2026-11-28", "begins": "9", "ends": "12.00", "needed": "1", "most": "2", "call": "60"}
WEEKLY = {
    "weekdays": ["SA"], "every": "2", "first_day": "2026-11-28", "until": "", "begins": "09:00", "ends": "12:00",
    "needed": "1", "most": "2", "call": "60",
}  # fmt: skip
TEMPLATES = "/admin/rota/templates"
CLOSED = {"first": "2026-11-28", "begins": "10:00", "ends": "13:00", "reason": "Koulutus"}
LONG = "x" * 10_000


@pytest.fixture
def desk(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> RotaDesk:
    return RotaDesk(app, parts, demo, now)


def test_a_shift_is_made_changed_and_removed(desk: RotaDesk) -> None:
    page = desk.does("/admin/rota/shifts/new", **NEW, language="sv", draft="1")
    assert "Vuoro on lisätty." in page
    assert "Luonnos" in page
    (row,) = desk.fetch("SELECT id, language, most FROM shift WHERE published_at IS NULL")
    path = f"/admin/rota/shifts/{row[0]}"
    assert row[1:] == ("sv", 2)
    assert "9.00–13.00" in desk.does(path, **NEW | {"ends": "13:00"}, version="1")
    assert "Vuoro on poistettu." in desk.does(f"{path}/removal", version="2", day="2026-11-28")


def test_what_is_wrong_with_a_shift_is_said_beside_its_field_and_what_was_typed_stays(desk: RotaDesk) -> None:
    wrong: tuple[tuple[dict[str, str], str], ...] = (
        ({"day": HOSTILE}, "Kirjoita päivä"),
        ({"day": "9999-99-99"}, "Kirjoita päivä"),
        ({"begins": LONG}, "Kirjoita kellonaika"),
        ({"begins": "25:00"}, "Kirjoita kellonaika"),
        ({"ends": "\x00"}, "Kirjoita kellonaika"),
        ({"needed": "-1"}, "Kirjoita luku"),
        ({"needed": "3"}, "Paikkoja on oltava ainakin yhtä monta"),
        ({"most": "9" * 30}, "Kirjoita luku"),
        ({"organisation": "999999"}, "Valitse jokin verkoston organisaatioista."),
        ({"organisation": "x"}, "Valitse jokin verkoston organisaatioista."),
        ({"language": "xx"}, "Valitse jokin vaihtoehdoista."),
        ({"call": "7"}, "Valitse jokin vaihtoehdoista."),
        ({"day": "2026-11-20"}, "Aika on jo mennyt."),
    )
    before = desk.fetch("SELECT count(*) FROM shift")
    for change, told in wrong:
        page = desk.is_told("/admin/rota/shifts/new", **NEW | change)
        assert told in page, change
        assert 'value="12.00"' in page or "ends" in change
        assert "<script>alert" not in desk.sends("/admin/rota/shifts/new", **NEW | change).text
    assert desk.fetch("SELECT count(*) FROM shift") == before


def test_two_coordinators_who_change_one_shift_do_not_overwrite_each_other(desk: RotaDesk) -> None:
    shift = desk.shift("09:00")
    path = f"/admin/rota/shifts/{shift}"
    desk.does(path, **NEW, version="1")
    page = desk.is_told(path, **NEW | {"most": "5"}, version="1")
    assert "Joku muu on muuttanut vuoroa" in page
    assert desk.fetch("SELECT most, version FROM shift WHERE id = :id", id=shift) == [(2, 2)]
    assert "Joku muu on muuttanut vuoroa" in desk.is_told(f"{path}/removal", version="1")
    desk.does(f"{path}/removal", version="2")
    assert "Vuoro on jo poistettu." in desk.is_told(f"{path}/removal", version="3")
    desk.gets_back("/admin/rota/shifts/999999/removal", 404, version="1")


def test_whom_a_change_costs_a_place_or_a_promise_is_shown_before_it_is_made(desk: RotaDesk) -> None:
    helper = desk.demo.helpers[0].id
    shift = desk.shift("10:00", helper)
    callback, path = desk.promise("12:00"), f"/admin/rota/shifts/{shift}"
    shorter = NEW | {"begins": "10:00", "most": "1"}
    page = desk.gets_back(path, 200, **shorter, version="1")
    assert "Mitään ei ole vielä muutettu." in page
    assert 'value="12.00"' in page
    assert desk.state(callback) == "promised"
    assert "1 lupausta kukaan ei voisi pitää." in desk.gets_back(f"{path}/removal", 200, version="1")
    assert desk.who(shift) == [helper]
    desk.does(path, **shorter, version="1", anyway="1")
    assert desk.state(callback) == "deficit"
    desk.does(f"{path}/removal", version="2", anyway="1")
    assert desk.who(shift) == []


def test_a_template_is_made_of_plain_choices_and_tells_them_again(desk: RotaDesk) -> None:
    page = desk.does(TEMPLATES, name="Lauantait")
    assert "Mallissa ei ole vielä vuoroja." in page
    (template,) = desk.fetch("SELECT id FROM template WHERE name = 'Lauantait'")[0]
    path = f"{TEMPLATES}/{template}"
    helper = desk.demo.helpers[0]
    page = desk.does(f"{path}/shifts", **WEEKLY | {"until": "2026-12-31"}, helpers=[helper.id])
    assert "joka toinen viikko" in page
    assert helper.name in page
    ((shift, rule),) = desk.fetch("SELECT id, rrule FROM template_shift WHERE template_id = :id", id=template)
    assert rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA;UNTIL=20261231"
    form = desk.sees(f"{path}/shifts/{shift}")
    assert '<option value="2" selected>' in form
    assert 'value="2026-12-31"' in form
    assert "lauantai 12.12.2026" in desk.does(f"{path}/shifts/{shift}/days", day="2026-12-12")
    assert "la 12.12." in desk.sees(path)
    assert desk.fetch("SELECT day FROM template_exception") == [(date(2026, 12, 12),)]
    desk.does(f"{path}/shifts/{shift}/days", day="2026-12-12", back="1")
    assert desk.fetch("SELECT day FROM template_exception") == []
    desk.does(f"{path}/shifts/{shift}", **WEEKLY, rule="FREQ=MONTHLY;BYDAY=1SA")
    assert "FREQ=MONTHLY;BYDAY=1SA" in desk.sees(path)
    assert "Mallissa ei ole vielä vuoroja." in desk.does(f"{path}/shifts/{shift}/removal")


def test_what_is_wrong_with_a_template_is_said_beside_its_field(desk: RotaDesk) -> None:
    assert "Anna mallille nimi." in desk.is_told(TEMPLATES, name=" ")
    assert "Teksti on liian pitkä." in desk.is_told(TEMPLATES, name=LONG)
    assert "Samanniminen malli" in desk.is_told(TEMPLATES, name="Tavallinen viikko")
    (template,) = desk.fetch("SELECT id FROM template")[0]
    wrong: tuple[tuple[dict[str, object], str], ...] = (
        ({"weekdays": []}, "Valitse ainakin yksi viikonpäivä."),
        ({"weekdays": [HOSTILE]}, "Valitse ainakin yksi viikonpäivä."),
        ({"every": "9"}, "Valitse jokin vaihtoehdoista."),
        ({"first_day": "x"}, "Kirjoita päivä"),
        ({"until": "2026-11-01"}, "Viimeinen päivä on ennen ensimmäistä."),
        ({"rule": "FREQ=SECONDLY"}, "Sääntöä ei voi lukea."),
        ({"rule": LONG}, "Teksti on liian pitkä."),
        ({"helpers": ["999999"]}, "Valitse verkoston auttajia."),
        ({"helpers": [one.id for one in desk.demo.helpers[:3]]}, "Auttajia on enemmän kuin paikkoja."),
    )
    for change, told in wrong:
        page = desk.is_told(f"{TEMPLATES}/{template}/shifts", **WEEKLY | change)
        assert told in page, change
        assert "<script>alert" not in page
    assert desk.fetch("SELECT count(*) FROM template_shift") == [(4,)]
    assert desk.gets(f"{TEMPLATES}/999999") == 404
    desk.gets_back(f"{TEMPLATES}/{template}/shifts/999999/days", 404, day="2026-12-12")


def test_the_next_week_that_is_not_there_yet_is_shown_and_published_and_taken_back(desk: RotaDesk) -> None:
    page = desk.sees("/admin/rota/weeks/new")
    assert "maanantai 21.12.2026 – sunnuntai 27.12.2026" in page
    assert "Syntyisi 8 vuoroa, 12 jäisi pois." in page
    assert "Pyhäpäivä" in page
    (template,) = desk.fetch("SELECT id FROM template")[0]
    days = {"template": template, "first": "2026-12-21", "last": "2026-12-27"}
    assert "Viikot on julkaistu." in desk.does("/admin/rota/weeks/new", **days)
    assert "Mitään uutta ei syntynyt" in desk.does("/admin/rota/weeks/new", **days)
    (batch,) = desk.fetch("SELECT max(id) FROM rota_batch")[0]
    assert "8 vuoroa poistettaisiin." in desk.sees(f"/admin/rota/weeks/{batch}")
    assert "peruttu" in desk.does(f"/admin/rota/weeks/{batch}")
    assert "Se on jo peruttu" in desk.gets_back(f"/admin/rota/weeks/{batch}", 409)
    assert desk.gets("/admin/rota/weeks/999999") == 404


def test_weeks_are_laid_out_as_drafts_and_let_go(desk: RotaDesk) -> None:
    (template,) = desk.fetch("SELECT id FROM template")[0]
    days = {"template": template, "first": "2026-12-21", "last": "2026-12-27", "draft": "1"}
    assert "Vuorot on tehty luonnoksina." in desk.does("/admin/rota/weeks/new", **days)
    page = desk.sees("/admin/rota/weeks/drafts?until=2026-12-27")
    assert "8 luonnosta julkaistaisiin" in page
    assert desk.demo.helpers[0].name in page
    desk.does("/admin/rota/weeks/drafts", until="2026-12-27", first="2026-12-21")
    assert desk.fetch("SELECT count(*) FROM shift WHERE published_at IS NULL") == [(0,)]
    assert "Siihen päivään mennessä ei ole luonnoksia." in desk.sees("/admin/rota/weeks/drafts")


def test_a_week_is_copied_and_days_that_are_none_are_told(desk: RotaDesk) -> None:
    desk.shift("09:00", desk.demo.helpers[0].id)
    page = desk.sees("/admin/rota/weeks/copy?source=2026-11-28&target=2026-12-28")
    assert "la 2.1. 9.00–12.00" in page
    desk.does("/admin/rota/weeks/copy", source="2026-11-28", target="2026-12-28")
    assert desk.fetch("SELECT count(*) FROM shift WHERE copied_from_id IS NOT NULL")[0] > (0,)
    for path, typed in (
        ("copy", {"source": HOSTILE, "target": "2026-12-28"}),
        ("new", {"template": "1", "first": "x", "last": "\x00"}),
        ("drafts", {"until": LONG}),
    ):
        assert "Kirjoita päivä" in desk.is_told(f"/admin/rota/weeks/{path}", **typed), path
    turned = {"template": desk.fetch("SELECT id FROM template")[0][0], "first": "2026-12-28", "last": "2026-12-21"}
    assert "Loppu ei voi olla ennen alkua." in desk.is_told("/admin/rota/weeks/new", **turned)


def test_a_proposal_is_seen_beside_the_rota_changed_and_accepted(desk: RotaDesk, now: datetime) -> None:
    shift = desk.shift("09:00")
    with desk.parts.sessions.begin() as session:
        session.execute(text("UPDATE shift SET needed = 1 WHERE id = :id"), {"id": shift})
    page = desk.does("/admin/rota/proposals", first=str(SATURDAY), last=str(SATURDAY))
    assert "Ehdotusta lasketaan." in page
    (proposal,) = desk.fetch("SELECT id FROM proposal")[0]
    path = f"/admin/rota/proposals/{proposal}"
    desk.gets_back(f"{path}/acceptance", 409)
    work_out(desk.parts.sessions, proposal, now=now)
    page = desk.sees(path)
    assert "1 → 0" in page
    ((helper,),) = desk.fetch("SELECT helper_id FROM proposed_place")
    row = page[page.index("Auttajittain vertailtuna") :]
    assert desk.name(int(str(helper))) in row
    assert "1 → 1" in desk.does(f"{path}/places", shift=shift, helper=helper)
    assert "1 → 0" in desk.does(f"{path}/places", shift=shift, helper=helper, put_in="1")
    assert "Ehdotuksen paikat on annettu." in desk.does(f"{path}/acceptance")
    assert desk.who(shift) == [helper]
    assert "Ehdotuksesta on jo päätetty" in desk.gets_back(f"{path}/dismissal", 409)


def test_who_cannot_have_a_proposed_place_any_more_is_named(desk: RotaDesk, now: datetime) -> None:
    shift = desk.shift("09:00")
    span = Span(now, now + timedelta(days=7))
    with desk.parts.sessions.begin() as session:
        session.execute(text("UPDATE shift SET needed = 1 WHERE id = :id"), {"id": shift})
        proposal = begin_proposal(session, desk.network, span, now=now, actor="test")
    work_out(desk.parts.sessions, proposal, now=now)
    ((helper,),) = desk.fetch("SELECT helper_id FROM proposed_place WHERE shift_id = :id", id=shift)
    desk.shift("10:00", int(str(helper)))
    page = desk.gets_back(f"/admin/rota/proposals/{proposal}/acceptance", 200)
    assert "Nämä eivät enää voineet saada paikkaansa:" in page
    assert "Hänellä on silloin toinen vuoro." in page


def test_days_that_no_proposal_can_be_for_and_a_missing_solver_are_told(desk: RotaDesk, now: datetime) -> None:
    for first, last, told in (
        ("x", "2026-12-01", "Kirjoita päivä"),
        ("2026-12-02", "2026-12-01", "Loppu ei voi olla ennen alkua."),
        ("2026-12-01", "2027-12-01", "Aika on liian pitkä."),
        ("2026-11-01", "2026-11-02", "Aika on jo mennyt."),
    ):
        assert told in desk.is_told("/admin/rota/proposals", first=first, last=last)
    assert desk.fetch("SELECT count(*) FROM proposal") == [(0,)]
    with desk.parts.sessions.begin() as session:
        span = Span(now, now + timedelta(days=1))
        proposal = begin_proposal(session, desk.network, span, now=now, actor="test")
        give_up_proposal(session, proposal, "none")
    assert "requirements-autofill.lock" in desk.sees(f"/admin/rota/proposals/{proposal}")


def test_an_afternoon_is_closed_when_it_is_known_whom_it_touches_and_opened_again(desk: RotaDesk) -> None:
    desk.shift("10:00", desk.demo.helpers[0].id)
    callback = desk.promise("12:00")
    page = desk.gets_back("/admin/rota/closures", 200, **CLOSED)
    assert "Suljetaanko silti?" in page
    assert 'value="Koulutus"' in page
    assert desk.fetch("SELECT count(*) FROM closure") == [(0,)]
    page = desk.does("/admin/rota/closures", **CLOSED, anyway="1")
    assert "lauantai 28.11.2026 10.00–13.00" in page
    assert desk.state(callback) == "deficit"
    (closure,) = desk.fetch("SELECT id FROM closure")[0]
    desk.does(f"/admin/rota/closures/{closure}/lifting")
    assert desk.state(callback) == "promised"
    assert "Se on jo tehty." in desk.gets_back(f"/admin/rota/closures/{closure}/lifting", 409)
    desk.gets_back("/admin/rota/closures/999999/lifting", 404)


def test_what_is_wrong_with_a_closure_is_said_and_another_organisations_is_not_closed(desk: RotaDesk) -> None:
    for change, told in (
        ({"first": HOSTILE}, "Kirjoita päivä"),
        ({"last": "x"}, "Kirjoita päivä"),
        ({"begins": "9999"}, "Kirjoita kellonaika"),
        ({"reason": ""}, "Kerro, miksi on suljettu."),
        ({"reason": LONG}, "Teksti on liian pitkä."),
        ({"last": "2026-11-27"}, "Loppu ei voi olla ennen alkua."),
        ({"first": "2026-11-01", "last": "2026-11-02"}, "Aika on jo mennyt."),
        ({"organisation": "999999"}, "Valitse jokin verkoston organisaatioista."),
    ):
        assert told in desk.is_told("/admin/rota/closures", **CLOSED | change), change
    colleague = desk.of_organisation(0)
    colleague.gets_back("/admin/rota/closures", 403, **CLOSED)
    colleague.gets_back("/admin/rota/closures", 403, **CLOSED, organisation=desk.organisation(1))
    assert desk.fetch("SELECT count(*) FROM closure") == [(0,)]
    colleague.does("/admin/rota/closures", **CLOSED, organisation=desk.organisation(0))


def test_what_all_share_is_not_an_organisations_coordinators_to_change(desk: RotaDesk, now: datetime) -> None:
    colleague = desk.of_organisation(0)
    (template,) = desk.fetch("SELECT id FROM template")[0]
    assert [colleague.gets(path) for path in (TEMPLATES, "/admin/rota/weeks", "/admin/rota/proposals")] == [200] * 3
    assert [colleague.gets(f"/admin/rota/weeks/{path}") for path in ("new", "copy", "1")] == [403] * 3
    days = {"first": "2026-12-21", "last": "2026-12-27"}
    colleague.gets_back("/admin/rota/weeks/new", 403, template=template, **days)
    colleague.gets_back(TEMPLATES, 403, name="Oma")
    colleague.gets_back(f"{TEMPLATES}/{template}/shifts", 403, **WEEKLY)
    colleague.gets_back("/admin/rota/proposals", 403, **days)
    assert (desk.fetch("SELECT count(*) FROM template"), desk.fetch("SELECT count(*) FROM proposal")) == (
        [(1,)],
        [(0,)],
    )


def test_a_shift_or_a_closure_that_is_sent_twice_is_made_once(desk: RotaDesk) -> None:
    for path, form, table in (
        ("/admin/rota/shifts/new", NEW, "shift WHERE during @> timestamptz '2026-11-28 10:00+02'"),
        ("/admin/rota/closures", CLOSED, "closure"),
    ):
        word = field(desk.sees(path), "once")
        before = int(str(desk.fetch(f"SELECT count(*) FROM {table}")[0][0]))
        desk.does(path, **form, once=word)
        desk.does(path, **form, once=word)
        assert desk.fetch(f"SELECT count(*) FROM {table}") == [(before + 1,)], path
        desk.does(path, **form, once=field(desk.sees(path), "once"))
        assert desk.fetch(f"SELECT count(*) FROM {table}") == [(before + 2,)], "another form makes another"


def test_a_form_that_was_refused_can_be_sent_again_and_changed_it_is_another(desk: RotaDesk) -> None:
    word = field(desk.sees("/admin/rota/shifts/new"), "once")
    count = "SELECT count(*) FROM shift WHERE lower(during) > '2026-11-28' AND published_at IS NULL"
    desk.is_told("/admin/rota/shifts/new", **NEW | {"day": "2026-11-20"}, draft="1", once=word)
    desk.is_told("/admin/rota/shifts/new", **NEW | {"day": "2026-11-20"}, draft="1", once=word)
    desk.does("/admin/rota/shifts/new", **NEW, draft="1", once=word)
    desk.does("/admin/rota/shifts/new", **NEW | {"ends": "13:00"}, draft="1", once=word)
    assert desk.fetch(count) == [(2,)]


def test_who_saves_a_templates_shift_from_an_old_page_is_shown_how_it_is_now(desk: RotaDesk) -> None:
    desk.does(TEMPLATES, name="Lauantait")
    (template,) = desk.fetch("SELECT id FROM template WHERE name = 'Lauantait'")[0]
    desk.does(f"{TEMPLATES}/{template}/shifts", **WEEKLY)
    (shift,) = desk.fetch("SELECT id FROM template_shift WHERE template_id = :id", id=template)[0]
    path = f"{TEMPLATES}/{template}/shifts/{shift}"
    seen = field(desk.sees(path), "seen")
    desk.does(path, **WEEKLY | {"most": "5"}, seen=seen)
    page = desk.is_told(path, **WEEKLY | {"most": "4"}, seen=seen)
    assert "Joku muu on muuttanut vuoroa" in page
    assert desk.fetch("SELECT most FROM template_shift WHERE id = :id", id=shift) == [(5,)]
    desk.does(path, **WEEKLY | {"most": "4"}, seen=field(page, "seen"))
    assert desk.fetch("SELECT most FROM template_shift WHERE id = :id", id=shift) == [(4,)]


def test_a_template_gets_another_name_and_two_are_never_called_the_same(desk: RotaDesk) -> None:
    (template,) = desk.fetch("SELECT id FROM template")[0]
    path = f"{TEMPLATES}/{template}"
    page = desk.does(f"{path}/name", name="Talviviikko", seen=field(desk.sees(path), "seen"))
    assert "Viikkomallilla on uusi nimi." in page
    assert "<h1>Talviviikko</h1>" in page
    desk.does(TEMPLATES, name="Kesäviikko")
    for name, told in (
        ("", "Anna mallille nimi."),
        (LONG, "Teksti on liian pitkä."),
        ("Kesäviikko", "Samanniminen malli"),
    ):
        assert told in desk.is_told(f"{path}/name", name=name)
    desk.does(f"{path}/name", name="<script>alert(1)</script>")
    assert "<script>alert" not in desk.client.get(path).text
    desk.gets_back(f"{TEMPLATES}/999999/name", 404, name="Talviviikko")
    desk.of_organisation(0).gets_back(f"{path}/name", 403, name="Omamme")
    desk.gets_back(f"{path}/removal", 303, sure=1)
    desk.does(TEMPLATES, name="<script>alert(1)</script>")  # the name is free again


def test_whoever_renames_a_template_from_an_old_page_is_told_and_changes_nothing(desk: RotaDesk) -> None:
    (template,) = desk.fetch("SELECT id FROM template")[0]
    path = f"{TEMPLATES}/{template}"
    old = field(desk.sees(path), "seen")
    desk.does(f"{path}/name", name="Talviviikko", seen=old)
    page = desk.is_told(f"{path}/name", name="Kesäviikko", seen=old)
    assert 'value="Kesäviikko"' in page
    assert desk.fetch("SELECT name FROM template") == [("Talviviikko",)]


def test_a_slip_does_not_hide_another_name_that_somebody_gives_before_it_is_mended(desk: RotaDesk) -> None:
    (template,) = desk.fetch("SELECT id FROM template")[0]
    path = f"{TEMPLATES}/{template}"
    old = field(desk.sees(path), "seen")
    desk.does(f"{path}/name", name="Talviviikko", seen=old)  # somebody else, meanwhile
    mistyped = desk.is_told(f"{path}/name", name="", seen=old)
    page = desk.is_told(f"{path}/name", name="Kesäviikko", seen=field(mistyped, "seen"))
    assert 'value="Kesäviikko"' in page
    assert desk.fetch("SELECT name FROM template") == [("Talviviikko",)]


def test_a_template_is_removed_once_that_was_asked_and_what_is_published_stays(desk: RotaDesk) -> None:
    (template,) = desk.fetch("SELECT id FROM template")[0]
    path, shifts = f"{TEMPLATES}/{template}", desk.fetch("SELECT count(*) FROM shift WHERE cancelled_at IS NULL")
    weekly = f"{path}/shifts/{desk.fetch('SELECT min(id) FROM template_shift')[0][0]}"
    asked = desk.gets_back(f"{path}/removal", 200)
    assert "Oletko varma?" in asked
    assert "Julkaistut vuorot pysyvät ennallaan" in asked
    desk.does(f"{path}/name", name="Tavallinen viikko.")  # somebody else, meanwhile
    assert "Joku on muuttanut mallia" in desk.gets_back(f"{path}/removal", 409, sure=1, seen=field(asked, "seen"))
    assert desk.fetch("SELECT removed_at FROM template") == [(None,)]
    page = desk.does(f"{path}/removal", sure=1)
    assert "Viikkomalli on poistettu." in page
    assert "Tavallinen viikko" not in page
    assert shifts == desk.fetch("SELECT count(*) FROM shift WHERE cancelled_at IS NULL")
    assert [desk.gets(one) for one in (path, weekly)] == [404, 404]
    for where, form in (("/removal", {"sure": 1}), ("/name", {"name": "Uusi"}), ("/shifts", WEEKLY)):
        desk.gets_back(f"{path}{where}", 404, **form)
    assert "Tavallinen viikko" not in desk.sees("/admin/rota/weeks/new")
