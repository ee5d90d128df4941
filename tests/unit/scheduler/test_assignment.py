"""Who is asked to ring, when several could."""

from dataclasses import replace

from scheduler.assignment import Costs, choose, help_given
from scheduler.boundaries import DEFAULT
from scheduler.matching import Need, OnDuty, Rules
from tickets.vocabulary import HelperKind, Topic
from voice_prompts.language import Language

TURKU, SALO, HELSINKI = "853", "734", "091"
REGION = frozenset({TURKU, SALO})
TURKU_CENTRE, SALO_CENTRE, CAPITAL, ASSOCIATION = 1, 2, 3, 4
RULES = Rules(
    own={TURKU_CENTRE: frozenset({TURKU}), SALO_CENTRE: frozenset({SALO}), CAPITAL: frozenset({HELSINKI})},
    region={TURKU_CENTRE: REGION, SALO_CENTRE: REGION, CAPITAL: frozenset({HELSINKI})},
)
FINNISH, BOTH = frozenset({Language.FI}), frozenset(Language)


def volunteer(number: int, organisation: int = TURKU_CENTRE, languages: frozenset[Language] = FINNISH) -> OnDuty:
    return OnDuty(number, organisation, languages, HelperKind.VOLUNTEER)


def staff(number: int) -> OnDuty:
    return OnDuty(number, TURKU_CENTRE, FINNISH, HelperKind.STAFF)


def chosen_for(need: Need, *pool: OnDuty, costs: Costs | None = None) -> int:
    return choose([need], pool, RULES, (costs or Costs(RULES)).of)[need.key]


def test_a_neighbour_is_asked_before_the_region_and_the_region_before_the_country() -> None:
    need = Need(1, Language.FI, municipality=TURKU)
    near, nearish, far = volunteer(3, TURKU_CENTRE), volunteer(2, SALO_CENTRE), volunteer(1, CAPITAL)
    assert chosen_for(need, far, nearish, near) == near.helper
    assert chosen_for(need, far, nearish) == nearish.helper


def test_a_swedish_speaker_is_spared_on_a_finnish_call_even_at_home() -> None:
    need = Need(1, Language.FI, municipality=TURKU)
    assert chosen_for(need, volunteer(1, TURKU_CENTRE, BOTH), volunteer(2, CAPITAL)) == 2


def test_staff_take_what_concerns_an_authority_and_are_spared_otherwise() -> None:
    assert chosen_for(Need(1, Language.FI, Topic.KELA), volunteer(1), staff(2)) == 2
    assert chosen_for(Need(1, Language.FI, Topic.TUNNIST), volunteer(1), staff(2)) == 2
    assert chosen_for(Need(1, Language.FI, Topic.PUHELIN), staff(1), volunteer(2)) == 2


def test_who_sat_through_shifts_without_a_call_comes_first() -> None:
    costs = Costs(RULES, unused_duty={1: 0, 2: 3})
    assert chosen_for(Need(1, Language.FI), volunteer(1), volunteer(2), costs=costs) == 2


def test_the_helper_who_knows_the_case_takes_it_again() -> None:
    costs = Costs(RULES, unused_duty={1: 5}, knows=frozenset({(7, 2)}))
    assert chosen_for(Need(7, Language.FI), volunteer(1), volunteer(2), costs=costs) == 2


def test_of_two_neighbours_the_one_who_has_been_helped_more_helps_now() -> None:
    talks = [(TURKU_CENTRE, HELSINKI, 2), (TURKU_CENTRE, TURKU, 9), (CAPITAL, TURKU, 1), (ASSOCIATION, SALO, 30)]
    given = help_given(talks, RULES)
    assert given == {TURKU_CENTRE: 1, CAPITAL: -1, SALO_CENTRE: -30}
    rules = replace(RULES, region=dict.fromkeys(RULES.region, REGION | {HELSINKI}))
    need, pool = Need(1, Language.FI, municipality=SALO), (volunteer(1, TURKU_CENTRE), volunteer(2, CAPITAL))
    assert chosen_for(need, *pool, costs=Costs(rules)) == 1
    assert chosen_for(need, *pool, costs=Costs(rules, given=given)) == 2


def test_however_much_it_has_given_a_municipality_rings_its_own_callers_first() -> None:
    costs = Costs(RULES, given={TURKU_CENTRE: 500, SALO_CENTRE: -500})
    need = Need(1, Language.FI, municipality=TURKU)
    assert chosen_for(need, volunteer(1, SALO_CENTRE), volunteer(2, TURKU_CENTRE), costs=costs) == 2
    assert (
        chosen_for(need, volunteer(1, CAPITAL), volunteer(2, SALO_CENTRE), costs=Costs(RULES, given={SALO_CENTRE: 500}))
        == 2
    )


def test_all_callers_of_a_slot_are_weighed_together() -> None:
    # Alone, each would take the Turku helper; together, the one from Helsinki may only ring the second caller.
    rules = Rules({CAPITAL: frozenset({HELSINKI})}, RULES.own, RULES.region, {CAPITAL: DEFAULT})
    needs = [Need(1, Language.FI, municipality=TURKU), Need(2, Language.FI, municipality=HELSINKI)]
    pool = [volunteer(1, TURKU_CENTRE), volunteer(2, CAPITAL)]
    assert choose(needs, pool, rules, Costs(rules).of) == {1: 1, 2: 2}


def test_as_many_as_possible_are_rung_back_though_it_costs_more() -> None:
    needs = [Need(1, Language.FI), Need(2, Language.SV)]
    pool = [volunteer(1, languages=BOTH), volunteer(2)]
    prices = {(1, 1): 0, (1, 2): 1000, (2, 1): 1000}
    assert choose(needs, pool, RULES, lambda need, helper: prices[need.key, helper.helper]) == {1: 2, 2: 1}


def test_with_one_helper_left_the_earlier_promise_is_kept() -> None:
    needs = [Need(9, Language.FI), Need(2, Language.FI)]
    assert choose(needs, [volunteer(1)], RULES, Costs(RULES).of) == {9: 1}
