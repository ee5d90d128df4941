"""What the public pages hand out: nobody writes their own, and nothing opens for ever."""

from datetime import UTC, datetime, timedelta

from admin.public.seals import FORM_LIFE, TICKET_LIFE, FormSeal, TicketSeal

NOW = datetime(2026, 11, 24, 7, 10, tzinfo=UTC)
SECRET = "s" * 32


def test_a_form_comes_back_under_its_own_name() -> None:
    seal = FormSeal.new(NOW)
    assert FormSeal.read(seal.written(SECRET), SECRET, NOW + timedelta(hours=1)) == seal


def test_two_showings_of_the_form_are_two_requests() -> None:
    assert FormSeal.new(NOW).name != FormSeal.new(NOW).name


def test_a_forged_or_old_form_is_not_taken() -> None:
    written = FormSeal.new(NOW).written(SECRET)
    assert FormSeal.read(written, SECRET, NOW + FORM_LIFE + timedelta(seconds=1)) is None
    assert FormSeal.read(written, "another secret", NOW) is None
    assert FormSeal.read(written[:-1], SECRET, NOW) is None
    assert FormSeal.read("", SECRET, NOW) is None


def test_a_ticket_opens_for_whoever_holds_its_seal_and_for_a_month() -> None:
    seal = TicketSeal(17, 4, NOW)
    written = seal.written(SECRET)
    assert TicketSeal.read(written, SECRET, NOW) == seal
    assert TicketSeal.read(written, SECRET, NOW + TICKET_LIFE + timedelta(seconds=1)) is None
    assert TicketSeal.read(written, "another secret", NOW) is None


def test_a_forms_seal_opens_no_ticket() -> None:
    assert TicketSeal.read(FormSeal.new(NOW).written(SECRET), SECRET, NOW) is None
