"""The fourteen invariants of a line that keeps its promises, and the tests that hold each of them."""

from dataclasses import dataclass

STORE, CALLS, PROPERTIES = "tests/integration/store/", "tests/calls/", "tests/properties/"
MACHINE = f"{PROPERTIES}test_rota_state_machine.py::test_whatever_happens_to_the_rota_what_was_promised_holds"
HANDS = f"{PROPERTIES}test_rota_state_machine.py::test_whatever_many_hands_do_at_once_what_was_promised_holds"


@dataclass(frozen=True)
class Invariant:
    """What always holds, and by which tests."""

    number: int
    sentence: str
    tests: tuple[str, ...]


FOURTEEN = (
    Invariant(
        1,
        "After every commit all promises of a slot are covered by one matching.",
        (
            MACHINE,
            HANDS,
            f"{STORE}test_promises_booked.py::test_a_time_that_is_full_is_not_booked_and_nothing_is_written",
            f"{STORE}test_promises_raced.py::test_a_helper_who_leaves_while_callers_book_leaves_no_promise_uncovered",
            f"{STORE}test_rota_shifts_raced.py::test_a_change_waits_for_the_booking_that_is_being_made_and_sees_it",
        ),
    ),
    Invariant(
        2,
        "No helper has overlapping places or calls, by whichever way in.",
        (
            MACHINE,
            HANDS,
            f"{STORE}test_rota_places.py::test_a_full_shift_a_draft_and_a_second_place_at_the_same_time_are_refused",
            f"{STORE}test_rota_places.py::test_the_schema_itself_refuses_two_places_at_once",
            f"{STORE}test_promises_booked.py::test_the_schema_itself_refuses_two_times_at_once",
            f"{STORE}test_rota_shifts_edited.py::test_whoever_has_another_place_at_the_new_time_loses_this_one_and_is_named",
            f"{STORE}test_rota_publishing.py::test_nobody_is_put_in_two_places_at_once_by_one_publication",
        ),
    ),
    Invariant(
        3,
        "There are no more places than the shift has, unless that was overridden and logged.",
        (
            MACHINE,
            HANDS,
            f"{STORE}test_places_taken.py::test_the_last_place_goes_to_exactly_one_of_twelve_helpers_at_once",
            f"{STORE}test_places_taken.py::test_a_coordinator_goes_beyond_capacity_only_on_purpose_and_it_is_written_down",
            f"{STORE}test_rota_shifts_edited.py::test_fewer_places_than_are_held_are_refused_unless_overridden_and_then_logged",
        ),
    ),
    Invariant(
        4,
        "A matter has one live callback, and a key press or webhook that comes twice changes nothing.",
        (
            MACHINE,
            f"{STORE}test_promises_booked.py::test_a_ticket_has_one_time_and_a_closed_one_none",
            f"{STORE}test_promises_raced.py::test_one_ticket_is_booked_once_even_at_different_times",
            f"{CALLS}test_webhooks_twice.py::test_a_day_on_which_every_webhook_comes_twice_is_the_same_day",
            f"{CALLS}test_helpers_own_phone.py::test_the_same_key_that_comes_twice_changes_nothing_twice",
        ),
    ),
    Invariant(
        5,
        "What is offered and what is written are decided by one function.",
        (
            MACHINE,
            f"{STORE}test_promises_offered.py::test_what_is_offered_can_be_booked_until_the_rota_is_full",
            f"{STORE}test_swaps.py::test_what_may_be_taken_is_listed_by_the_rules_that_it_is_written_by",
        ),
    ),
    Invariant(
        6,
        "A hold takes a helper's hour and not the slot, and it ends.",
        (
            f"{STORE}test_held_places.py::test_a_held_place_takes_one_helper_and_leaves_the_others",
            f"{STORE}test_held_places.py::test_a_hold_whose_time_is_over_takes_nothing_though_nobody_has_lapsed_it",
            f"{STORE}test_waiting.py::test_a_hold_ends_with_its_time_even_if_no_worker_lives_to_see_it",
        ),
    ),
    Invariant(
        7,
        "Every change looks at the promises again in its own transaction; what cannot be kept is a deficit with an alert.",
        (
            MACHINE,
            HANDS,
            f"{STORE}test_rota_places.py::test_what_nobody_can_keep_any_more_is_a_deficit_until_somebody_comes",
            f"{STORE}test_waiting.py::test_a_deficit_and_its_alert_are_written_in_the_transaction_of_the_change",
            f"{STORE}test_deficits_covered_again.py::test_who_lost_their_helper_gets_the_one_that_another_caller_frees",
            f"{STORE}test_rota_closures.py::test_a_part_of_a_day_is_closed_and_opened_again",
        ),
    ),
    Invariant(
        8,
        "A swap has exactly one taker.",
        (f"{STORE}test_swaps.py::test_of_twelve_who_take_a_swap_at_once_exactly_one_has_it",),
    ),
    Invariant(
        9,
        "Swaps and overrides point at ids and not at times.",
        (
            f"{STORE}test_swaps.py::test_an_offer_survives_an_edit_of_the_shift_it_is_about",
            f"{STORE}test_swaps.py::test_a_place_beyond_capacity_stays_marked_as_such_when_it_changes_hands",
        ),
    ),
    Invariant(
        10,
        "A call that is under way has one owner.",
        (
            f"{STORE}test_promises_raced.py::test_of_two_helpers_who_press_one_at_once_one_has_it",
            f"{CALLS}test_helpers.py::test_of_two_helpers_who_press_one_at_once_one_gets_it",
            f"{CALLS}test_workers.py::test_two_workers_who_see_the_same_hour_ring_once",
        ),
    ),
    Invariant(
        11,
        "A weekly nine o'clock stays nine over both changes of the clock.",
        (
            f"{STORE}test_weekly_over_clock_changes.py::test_the_same_hour_is_published_offered_promised_spoken_and_followed",
            f"{STORE}test_rota_publishing.py::test_a_weekly_nine_o_clock_stays_nine_over_the_change_of_the_clock",
            f"{PROPERTIES}test_rota_recurrence_over_years.py::test_weekly_hours_stay_the_same_on_the_wall_with_no_gap_and_no_double",
        ),
    ),
    Invariant(
        12,
        "Nobody sees another network's people.",
        (
            f"{STORE}test_closed_times.py::test_a_closure_of_another_network_closes_nothing_here",
            f"{STORE}test_waiting.py::test_an_alert_is_seen_by_one_and_by_nobody_of_another_network",
            f"{STORE}test_rota_listed.py::test_another_network_s_rota_is_not_shown",
            f"{STORE}test_calendar_feeds.py::test_nobody_of_another_network_appears_in_any_feed",
            "tests/integration/test_api_places.py::test_nobody_reaches_into_another_network",
        ),
    ),
    Invariant(
        13,
        "Every change has one row that says who changed what, and it is never rewritten.",
        (
            MACHINE,
            f"{STORE}test_places_taken.py::test_each_thing_that_a_person_does_is_written_down_once_and_what_is_refused_not_at_all",
            f"{STORE}test_store_schema.py::test_what_happened_to_a_ticket_cannot_be_rewritten",
        ),
    ),
    Invariant(
        14,
        "A reminder is sent at most once to its recipient, for its event and version.",
        (
            f"{STORE}test_helper_texts.py::test_two_workers_at_the_same_reminder_text_once",
            f"{STORE}test_helper_texts.py::test_a_shift_that_moves_is_told_and_reminded_of_in_its_own_time",
        ),
    ),
)
