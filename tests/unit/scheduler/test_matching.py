"""Who may keep which promise, told with people."""

from dataclasses import replace

import pytest

from scheduler.boundaries import DEFAULT, with_changes
from scheduler.matching import Blocked, Need, OnDuty, Plan, Rules, admissible, admits, blocking, cover, may_take
from tickets.vocabulary import HelperKind, Topic
from voice_prompts.language import Language

TURKU, KAARINA, PARAINEN = "853", "202", "445"
TURKU_CENTRE, PARAINEN_TOWN, ASSOCIATION = 1, 2, 3
RULES = Rules(
    serves={TURKU_CENTRE: frozenset({TURKU, KAARINA}), PARAINEN_TOWN: frozenset({PARAINEN}), ASSOCIATION: frozenset()}
)
FINNISH, BOTH = frozenset({Language.FI}), frozenset(Language)

aino = OnDuty(1, TURKU_CENTRE, FINNISH, HelperKind.STAFF)
bjorn = OnDuty(2, PARAINEN_TOWN, BOTH, HelperKind.VOLUNTEER)
celia = OnDuty(3, ASSOCIATION, BOTH, HelperKind.VOLUNTEER)


def call(key: int, language: Language = Language.FI, topic: Topic | None = None, where: str | None = None) -> Need:
    return Need(key, language, topic, where)


@pytest.mark.parametrize(
    ("helper", "need", "may"),
    [
        (aino, call(1, where=TURKU), True),
        (aino, call(1, where=KAARINA), True),
        (aino, call(1, where=PARAINEN), False),
        (aino, call(1), True),
        (aino, call(1, Language.SV, where=TURKU), False),
        (bjorn, call(1, Language.SV, where=PARAINEN), True),
        (celia, call(1, Language.SV, where=PARAINEN), True),
        (celia, call(1, topic=Topic.KELA), True),
        (celia, call(1, topic=Topic.PANKKI), False),
        (aino, call(1, topic=Topic.HALUAN_AUTTAA), True),
        (celia, call(1, topic=Topic.HALUAN_AUTTAA), False),
        (replace(aino, valid=False), call(1, where=TURKU), False),
        (aino, replace(call(1), barred=frozenset({aino.helper})), False),
        (aino, replace(call(1), minutes=90), False),
        (replace(aino, minutes=90), replace(call(1), minutes=90), True),
        (replace(aino, minutes=90), call(1), True),
    ],
)
def test_language_length_municipality_boundary_and_papers_decide_who_may_take_a_call(helper, need, may) -> None:
    assert may_take(helper, need, RULES) is may


def test_an_organisation_of_another_mind_refers_where_the_network_guides() -> None:
    cautious = with_changes(DEFAULT, {"volunteer": {"TUNNIST": "refers"}})
    need = call(1, topic=Topic.TUNNIST)
    assert may_take(celia, need, RULES)
    assert not may_take(celia, need, replace(RULES, boundaries={ASSOCIATION: cautious}))


def test_a_swedish_caller_is_promised_though_the_bilingual_helper_seemed_taken() -> None:
    finnish, swedish = call(1, where=TURKU), call(2, Language.SV)
    plan = Plan([celia], RULES)
    assert plan.place(finnish)
    assert not plan.place(swedish)

    assert admits([finnish], [celia, aino], RULES, swedish)
    assert cover([finnish, swedish], [celia, aino], RULES) == {1: aino.helper, 2: celia.helper}


def test_promises_move_along_a_whole_row_of_helpers_to_make_room() -> None:
    helpers, rules, promised = a_row_of(50)
    plan = Plan(helpers, rules)
    assert all(plan.place(need) for need in promised)
    assert plan.held == {number: number for number in range(49)}
    assert plan.place(call(99, where="0"))
    assert plan.held == {99: 0, **{number: number + 1 for number in range(49)}}


def test_one_search_sees_to_the_end_of_the_row_too() -> None:
    helpers, rules, promised = a_row_of(50)
    assert admissible(promised, helpers, rules, [call(99, where="0"), call(98, where="elsewhere")]) == {99}


def a_row_of(count: int) -> tuple[list[OnDuty], Rules, list[Need]]:
    """Helpers who each serve two places in a row, all but the last with a caller from the second one."""
    helpers = [OnDuty(number, number, FINNISH, HelperKind.STAFF) for number in range(count)]
    rules = Rules(serves={number: frozenset({str(number), str(number + 1)}) for number in range(count)})
    return helpers, rules, [call(number, where=str(number + 1)) for number in range(count - 1)]


def test_nothing_is_admitted_beside_promises_that_cannot_be_kept_themselves() -> None:
    assert not admits([call(1, Language.SV)], [aino], RULES, call(2))
    assert not admissible([call(1, Language.SV)], [aino], RULES, [call(2)])


def test_an_empty_pool_promises_nothing() -> None:
    assert not admits([], [], RULES, call(1))
    assert cover([], [], RULES) == {}


def test_the_coordinator_is_told_who_stands_in_the_way() -> None:
    swedish = call(1, Language.SV, where=PARAINEN)
    blocked = blocking([swedish, call(2, where=TURKU)], [aino, bjorn], RULES, call(3, Language.SV))
    assert blocked == Blocked(needs=frozenset({1, 3}), helpers=frozenset({bjorn.helper}))


def test_two_callers_cannot_have_one_number_in_a_plan() -> None:
    plan = Plan([aino, celia], RULES)
    plan.place(call(1))
    with pytest.raises(ValueError, match="need 1 has a helper already"):
        plan.place(call(1))
