"""Another terminal shares the settings of a demo that runs, and of none that is over."""

import os
import stat
from dataclasses import replace
from pathlib import Path

from admin.run_file import NAME, environment, last_run, note, this_run

CLOCK = {"DIGILINJA_CLOCK": "2026-11-24T09:57:00+02:00@30"}


def test_a_command_shares_the_clock_of_the_demo_that_runs(tmp_path: Path) -> None:
    note(tmp_path, this_run(CLOCK, real_time=False))
    given = {"DIGILINJA_DATA_DIR": str(tmp_path)}
    assert environment(given) == {**given, **CLOCK}
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


def test_what_is_set_by_hand_goes_first(tmp_path: Path) -> None:
    note(tmp_path, this_run(CLOCK, real_time=False))
    given = {"DIGILINJA_DATA_DIR": str(tmp_path), "DIGILINJA_CLOCK": "2026-12-01T09:00:00+02:00"}
    assert environment(given) == given


def test_a_demo_that_is_over_shares_nothing_though_its_number_was_given_to_another(tmp_path: Path) -> None:
    note(tmp_path, replace(this_run(CLOCK, real_time=False), began=1.0))
    assert environment({"DIGILINJA_DATA_DIR": str(tmp_path)}) == {"DIGILINJA_DATA_DIR": str(tmp_path)}
    last = last_run(tmp_path)
    assert last is not None
    assert last.pid == os.getpid()
    assert not last.real_time


def test_beside_a_real_database_no_demo_is_looked_for(tmp_path: Path) -> None:
    note(tmp_path, this_run(CLOCK, real_time=False))
    given = {"DIGILINJA_DATA_DIR": str(tmp_path), "DIGILINJA_DATABASE_URL": "postgresql://db/linja"}
    assert environment(given) == given


def test_a_word_that_cannot_be_read_is_no_word(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("{", encoding="utf-8")
    assert last_run(tmp_path) is None
