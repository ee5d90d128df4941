"""The simulated line on a real database: it comes to what its matching alone comes to, and plays every promise to its end."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from scheduler.simulation import PRESETS, By, Preset, Question, WeeklyShift, as_json, as_tables, run
from scheduler.simulation.drawing import make_world
from scheduler.simulation.line import KINDS, Line
from scheduler.simulation.play import play
from scheduler.simulation.policies import BareMatching
from scheduler.simulation.report import Result
from voice_prompts.language import Language

SMALL = Preset(6, helpers=20, calls=40, on_duty=6, swedish_helpers=0.3, swedish_calls=0.2, free_for=timedelta(hours=1))
PEOPLE_LIKE_US = {"drops_a_place": 0.15, "does_not_answer": 0.1, "caller_away": 0.3}


def counted(sessions: sessionmaker[Session], statement: str, **values: object) -> int:
    with sessions() as session:
        return int(session.execute(text(statement), values).scalar_one())


def promised(result: Result) -> list[object]:
    return [fate.start for fate in result.fates]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_line_promises_what_its_matching_alone_would(sessions, seed) -> None:
    """The database, the locks, the rota's rechecks: nothing of it costs a caller a time, or gives one too many."""
    world = make_world(replace(SMALL, drops_a_place=0.1), seed)
    line, paper = play(world, Line(world, sessions)), play(world, BareMatching(world))
    assert promised(line) == promised(paper)
    assert 0 < paper.turned_away < len(world.calls)


def test_with_every_helper_there_and_answering_every_promise_is_kept(sessions) -> None:
    world = make_world(replace(SMALL, drops_a_place=0, does_not_answer=0), 4)
    result = play(world, Line(world, sessions))
    assert result.let_down == 0
    assert result.turned_away < len(world.calls)


def test_when_no_helper_answers_all_are_rung_and_no_promise_is_kept(sessions) -> None:
    world = make_world(replace(SMALL, calls=10, drops_a_place=0, does_not_answer=1), 4)
    result = play(world, Line(world, sessions))
    assert result.let_down == len(world.calls) - result.turned_away > 0
    assert counted(sessions, "SELECT count(*) FROM attempt WHERE result = 'AUTTAJA_EI_VASTANNUT'") >= result.let_down
    assert counted(sessions, "SELECT count(*) FROM callback WHERE state <> 'missed'") == 0


def test_when_every_place_is_dropped_every_promise_is_lost_and_no_helper_is_rung(sessions) -> None:
    world = make_world(replace(SMALL, calls=10, drops_a_place=1, does_not_answer=0), 4)
    result = play(world, Line(world, sessions))
    assert result.kept == 0 or result.let_down == 0
    assert counted(sessions, "SELECT count(*) FROM place WHERE state = 'held'") == 0
    assert counted(sessions, "SELECT count(*) FROM attempt") == sum(fate.kept for fate in result.fates)


def test_who_is_never_there_is_rung_three_times_kept_all_the_same_and_handed_to_the_coordinator(sessions) -> None:
    world = make_world(replace(SMALL, calls=10, drops_a_place=0, does_not_answer=0, caller_away=1), 4)
    result = play(world, Line(world, sessions))
    promises = len(world.calls) - result.turned_away
    assert result.let_down == 0 < promises
    assert counted(sessions, "SELECT count(*) FROM attempt WHERE number = 2") == promises
    assert counted(sessions, "SELECT count(*) FROM ticket WHERE status = 'with_coordinator'") == promises
    moved = counted(sessions, "SELECT count(*) FROM callback WHERE state = 'moved'")  # all but the last on the rota
    assert counted(sessions, "SELECT count(*) FROM attempt WHERE number = 3") == moved > 0


def test_nothing_that_was_due_is_left_undone_and_no_promise_hangs(sessions) -> None:
    world = make_world(replace(SMALL, **PEOPLE_LIKE_US), 5, days=3)
    play(world, Line(world, sessions))
    left = "SELECT count(*) FROM job WHERE state = 'waiting' AND kind = ANY(:kinds)"
    assert counted(sessions, left, kinds=KINDS) == 0
    assert counted(sessions, "SELECT count(*) FROM callback WHERE state IN ('promised', 'ringing', 'deficit')") == 0


def test_two_plays_on_one_database_keep_out_of_each_others_way(sessions) -> None:
    question = Question("demo", replace(PRESETS["demo"], **PEOPLE_LIKE_US), seed=3, compare="round-robin")
    first, second = run(question, sessions), run(question, sessions)
    assert as_json(first) == as_json(second)
    assert set(json.loads(as_json(first))) == {"late", "round_robin"}
    assert counted(sessions, "SELECT count(*) FROM network") == 2


def test_one_more_helper_is_played_on_the_line_too_and_told_beside_the_days_without(sessions) -> None:
    crowded = replace(SMALL, calls=30, on_duty=2)
    report = run(Question("crowded", crowded, seed=2, seek_one_more=True), sessions)
    without, one_more = report.results["late"], report.results["late-one-more"]
    assert one_more.turned_away < without.turned_away
    assert report.one_more is not None
    titles = [str(table.title) for table in as_tables(report, By.MUNICIPALITY)]
    assert [title.split(",")[0] for title in titles] == ["crowded", "by municipality", "one more helper"]


def test_a_shift_may_be_named_for_the_one_more(sessions) -> None:
    shift = WeeklyShift(2, 1, Language.SV)
    report = run(Question("small", replace(SMALL, calls=5), one_more=shift), sessions)
    (*_, last) = as_tables(report)
    assert last.title == "one more helper, Wed 12.00–15.00, who speaks Finnish and Swedish"
