"""From ten minutes before the time until the outcome: somebody rings, and whatever happens has a next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from scheduler.attempts import (
    begin_attempt,
    close,
    end_talk,
    note_caller_rung,
    note_ringing,
    record_attempt_result,
    take,
)
from scheduler.briefing import brief
from scheduler.choice import choose_helper, next_helper
from scheduler.promises import cancel
from scheduler.records import AttemptState
from scheduler.rota.places import drop_place, places_of
from scheduler.slots import Grid
from tickets.recordings import attach_recording, note_recording
from tickets.vocabulary import AttemptResult, HelperKind, Outcome
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV
MOBILE, LANDLINE = "+358401234567", "+35822330000"


def test_the_helper_is_chosen_for_all_promises_of_the_slot_together(session: Session, town: Town) -> None:
    finn, swede = town.helper(FI), town.helper(FI, SV)
    town.shift("10:00", "11:00", finn, swede)
    finnish, swedish = town.promise("10:00"), town.promise("10:00", language=SV)
    assert choose_helper(session, finnish.callback_id, now=town.at("09:50"), grid=town.grid) == finn
    session.commit()
    assert town.fetch("SELECT id, assigned_helper_id FROM callback ORDER BY id") == [
        (finnish.callback_id, finn),
        (swedish.callback_id, swede),
    ]
    assert choose_helper(session, swedish.callback_id, now=town.at("09:50"), grid=town.grid) == swede
    assert town.events(finnish.ticket_id)[-1] == "helper_chosen"


def test_staff_are_spared_for_what_a_volunteer_can_take(session: Session, town: Town) -> None:
    staff, volunteer = town.helper(kind=HelperKind.STAFF), town.helper()
    town.shift("10:00", "11:00", staff, volunteer)
    assert town.choose(town.promise("10:00")) == volunteer


def test_the_helper_who_knows_the_case_rings_again(session: Session, town: Town) -> None:
    first, other = town.helper(), town.helper()
    town.shift("10:00", "12:00", first, other)
    promised = town.promise("10:00", caller=MOBILE)
    knows = town.choose(promised)
    talk = town.taken(promised)
    assert close(session, promised.callback_id, Outcome.OSITTAIN_JATKOAIKA, now=town.at("10:40"), grid=town.grid)
    session.commit()
    assert talk.helper_id == knows
    again = town.promise("11:00", promised.ticket_id)
    assert again.ticket_id == promised.ticket_id
    assert town.choose(again) == knows


def test_a_declining_helper_costs_no_try_and_the_next_one_is_rung_at_once(session: Session, town: Town) -> None:
    town.shift("10:00", "11:00", town.helper(), town.helper(), town.helper())
    promised = town.promise("10:00", caller=MOBILE)
    rung = []
    helper = town.choose(promised)
    for result in (AttemptResult.AUTTAJA_KIELTAYTYI, AttemptResult.AUTTAJA_EI_VASTANNUT):
        assert helper is not None
        attempt = town.begin(promised, helper)
        rung.append(helper)
        assert record_attempt_result(session, attempt.id, result, now=town.at("10:01"))
        helper = next_helper(session, promised.callback_id, now=town.at("10:01"), grid=town.grid)
        session.commit()
        assert helper not in rung
        key = f"ring:callback-{promised.callback_id}:try-1:helper-{helper}"
        assert town.jobs()[key] == town.at("10:01")
    assert town.fetch("SELECT tries FROM callback") == [(0,)]


def test_when_no_helper_is_left_the_coordinator_has_it_and_the_caller_is_told(session: Session, town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    promised = town.promise("10:00", caller=LANDLINE)
    helper = town.choose(promised)
    assert helper is not None
    attempt = town.begin(promised, helper)
    record_attempt_result(session, attempt.id, AttemptResult.AUTTAJA_KIELTAYTYI, now=town.at("10:01"))
    assert next_helper(session, promised.callback_id, now=town.at("10:01"), grid=town.grid) is None
    session.commit()
    assert (town.state(promised.callback_id), town.status(promised.ticket_id)) == ("missed", "with_coordinator")
    assert town.jobs() == {f"tell:callback-{promised.callback_id}:missed": town.at("10:01")}
    assert town.fetch("SELECT deadline FROM ticket") == [(town.at("15:00", 1),)]
    assert town.events(promised.ticket_id)[-2:] == ["missed", "to_coordinator"]


def test_a_helper_who_rings_about_one_promise_is_not_chosen_for_another(session: Session, town: Town) -> None:
    one, two = town.helper(), town.helper()
    town.shift("10:00", "11:00", one, two)
    first, second = town.promise("10:00"), town.promise("10:00")
    busy = town.choose(first)
    assert busy is not None
    town.begin(first, busy)
    other = town.choose(second)
    assert {busy, other} == {one, two}
    assert other is not None
    attempt = town.begin(second, other)
    record_attempt_result(session, attempt.id, AttemptResult.AUTTAJA_KIELTAYTYI, now=town.at("10:01"))
    assert next_helper(session, second.callback_id, now=town.at("10:01"), grid=town.grid) is None


def test_a_decliner_may_take_another_promise_of_the_slot(session: Session, town: Town) -> None:
    """A and B have a promise each; A declines hers, so the two swap."""
    town.shift("10:00", "11:00", town.helper(), town.helper())
    first, second = town.promise("10:00"), town.promise("10:00")
    a = town.choose(first)
    b = town.choose(second)
    assert a is not None
    attempt = town.begin(first, a)
    record_attempt_result(session, attempt.id, AttemptResult.AUTTAJA_KIELTAYTYI, now=town.at("10:00"))
    assert next_helper(session, first.callback_id, now=town.at("10:00"), grid=town.grid) == b
    session.commit()
    assert town.fetch("SELECT assigned_helper_id FROM callback ORDER BY id") == [(b,), (a,)]


def test_who_declines_one_promise_may_save_another_that_had_nobody(session: Session, town: Town) -> None:
    both, finn = town.helper(FI, SV), town.helper(FI)
    town.shift("10:00", "11:00", both, finn)
    swedish, finnish = town.promise("10:00", language=SV), town.promise("10:00")
    (place,) = places_of(session, finn, since=town.now)
    assert drop_place(session, place.id, now=town.now, grid=town.grid).deficits == (finnish.callback_id,)
    session.commit()
    attempt = town.begin(swedish, town.choose(swedish))
    record_attempt_result(session, attempt.id, AttemptResult.AUTTAJA_KIELTAYTYI, now=town.at("10:00"))
    assert next_helper(session, swedish.callback_id, now=town.at("10:00"), grid=town.grid) is None
    session.commit()
    assert town.fetch("SELECT state, assigned_helper_id FROM callback ORDER BY id") == [
        ("missed", None),
        ("promised", both),
    ]


def test_the_try_is_written_before_anyone_is_rung_and_only_once(session: Session, town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    promised = town.promise("10:00")
    helper = town.choose(promised)
    assert helper is not None
    attempt = town.begin(promised, helper)
    assert (attempt.state, attempt.call_sid, attempt.intended_at) == (AttemptState.INTENDED, None, town.at("10:00"))
    assert (town.state(promised.callback_id), town.status(promised.ticket_id)) == ("ringing", "calling")
    note_ringing(session, attempt.id, "CA7")
    again = begin_attempt(session, promised.callback_id, 1, helper, now=town.at("10:05"))
    assert again is not None
    assert (again.id, again.call_sid, again.state) == (attempt.id, "CA7", AttemptState.RINGING)
    session.commit()
    assert town.events(promised.ticket_id).count("attempt_begun") == 1


def test_nobody_is_rung_about_what_was_cancelled_moved_on_or_given_to_another(session: Session, town: Town) -> None:
    one, two = town.helper(), town.helper()
    town.shift("10:00", "11:00", one, two)
    promised = town.promise("10:00")
    chosen = town.choose(promised)
    assert chosen is not None
    not_chosen = ({one, two} - {chosen}).pop()
    assert begin_attempt(session, promised.callback_id, 1, not_chosen, now=town.at("10:00")) is None
    assert begin_attempt(session, promised.callback_id, 2, chosen, now=town.at("10:00")) is None
    cancel(session, promised.callback_id, now=town.at("09:55"), grid=Grid())
    assert begin_attempt(session, promised.callback_id, 1, chosen, now=town.at("10:00")) is None
    assert choose_helper(session, promised.callback_id, now=town.at("10:00"), grid=town.grid) is None


def test_a_caller_may_cancel_while_the_helpers_phone_rings(session: Session, town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    promised = town.promise("10:00")
    helper = town.choose(promised)
    assert helper is not None
    attempt = town.begin(promised, helper)
    assert cancel(session, promised.callback_id, now=town.at("10:00"), grid=Grid())
    assert not take(session, promised.callback_id, attempt.id, helper, now=town.at("10:01"))


def test_who_pressed_one_has_it_also_when_pressing_twice(session: Session, town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    promised = town.promise("10:00")
    attempt = town.taken(promised)
    assert take(session, promised.callback_id, attempt.id, attempt.helper_id, now=town.at("10:02"))
    assert not take(session, promised.callback_id, attempt.id, attempt.helper_id + 1, now=town.at("10:02"))
    assert town.state(promised.callback_id) == "talking"
    assert town.events(promised.ticket_id).count("taken") == 1


def test_the_first_word_on_how_a_try_ended_stands(session: Session, town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    attempt = town.taken(town.promise("10:00"))
    assert record_attempt_result(session, attempt.id, AttemptResult.VASTASI, now=town.at("10:40"))
    assert not record_attempt_result(session, attempt.id, AttemptResult.EI_VASTANNUT, now=town.at("10:41"))
    session.commit()
    assert town.fetch("SELECT result, ended_at FROM attempt") == [("VASTASI", town.at("10:40"))]


def test_a_talk_waits_for_its_outcome_and_then_the_ticket_closes(session: Session, town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    promised = town.promise("10:00")
    town.taken(promised)
    note_caller_rung(session, promised.callback_id, now=town.at("10:02"))
    note_caller_rung(session, promised.callback_id, now=town.at("10:03"))
    assert end_talk(session, promised.callback_id, now=town.at("10:40"))
    session.commit()
    assert (town.state(promised.callback_id), town.status(promised.ticket_id)) == ("kept", "awaiting_outcome")
    assert town.fetch("SELECT caller_rung_at FROM callback") == [(town.at("10:02"),)]
    assert close(session, promised.callback_id, Outcome.RATKAISTU, now=town.at("10:41"), grid=town.grid)
    assert not close(session, promised.callback_id, Outcome.RATKAISTU, now=town.at("10:41"), grid=town.grid)
    session.commit()
    assert town.fetch("SELECT status, outcome, closed_at FROM ticket") == [("closed", "RATKAISTU", town.at("10:41"))]
    assert town.events(promised.ticket_id)[-3:] == ["attempt_ended", "talk_ended", "closed"]


def test_a_matter_that_needs_more_stays_with_the_coordinator_until_it_has_another_time(
    session: Session, town: Town
) -> None:
    town.shift("10:00", "12:00", town.helper())
    promised = town.promise("10:00")
    town.taken(promised)
    assert close(session, promised.callback_id, Outcome.OSITTAIN_JATKOAIKA, now=town.at("10:20"), grid=town.grid)
    session.commit()
    assert town.status(promised.ticket_id) == "with_coordinator"
    assert town.promise("11:00", promised.ticket_id).code
    assert town.fetch("SELECT status, deadline FROM ticket") == [("promised", None)]


def test_the_brief_tells_whom_to_ring_with_which_code_and_message(session: Session, town: Town) -> None:
    helper = town.helper(SV, FI)
    town.shift("10:00", "11:00", helper)
    promised = town.promise("10:00", caller=MOBILE, language=SV)
    for turn, (call, sid) in enumerate((("CA1", "RE1"), ("CA2", "RE2"), ("CA2", "RE3"))):
        note_recording(session, call, sid, turn=turn, duration_s=9, now=town.now)
        attach_recording(session, call, promised.ticket_id)
    known = brief(session, promised.callback_id)
    assert known is not None
    assert known.helper is None
    town.choose(promised)
    known = brief(session, promised.callback_id)
    assert known is not None
    assert known.helper is not None
    assert (known.helper.id, known.helper.languages) == (helper, (SV, FI))
    assert known.recordings == ("RE2", "RE3")
    assert (known.caller, known.code, known.line and known.line.e164, known.language) == (
        MOBILE,
        promised.code,
        "+358942450100",
        SV,
    )
    assert brief(session, 999_999) is None
