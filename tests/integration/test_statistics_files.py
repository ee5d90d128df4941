"""The statistics as files: what each kind holds, the night's folder, and the commands that show and write them."""

import csv
import io
import sys
from collections.abc import Callable
from dataclasses import astuple, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import fsspec
import pyarrow.parquet
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from admin.cli import main
from admin.demo.data import DemoData
from admin.errors import AdminError, SettingsError
from admin.parts import Parts
from admin.settings import Settings
from admin.statistics.files import as_csv, as_parquet, as_xlsx, harmless
from admin.statistics.night import export_night, periods_of, put, require_export
from admin.statistics.sheets import Names, Sheet, sheet_of
from admin.statistics.whole import all_tables
from admin.worker import worker
from scheduler.counting import count
from scheduler.errands import Errand
from scheduler.jobs import ClaimedJob, claim
from scheduler.slots import HELSINKI
from tests.properties.canaries import Canaries, Planted, canaries, matters, plant, sung
from tickets.intake import Matter, TicketRef
from tickets.statistics.periods import Period
from tickets.statistics.records import SupportEvent
from tickets.statistics.single_events import SingleEvent, single_events
from tickets.statistics.sums import sum_due_months
from tickets.vocabulary import Channel, Outcome, PageLanguage
from voice_prompts.language import Language

Run = Callable[..., Result]


@pytest.fixture
def counted(parts: Parts, demo: DemoData) -> Parts:
    """The demo's network with twenty matters in Finnish and three in Swedish, all of November."""
    with parts.sessions.begin() as session:
        network = session.scalar(text("SELECT id FROM network"))
        for number in range(23):
            session.add(
                SupportEvent(
                    network_id=network, day=date(2026, 11, 10), hour_band=9, channel=Channel.PHONE, topics=["KELA"],
                    language=Language.SV if number < 3 else Language.FI, same_day=True, promises=1, kept=1, attempts=1,
                    rang_again=0, outcome=Outcome.RATKAISTU, training_need=False, wait_minutes=40,
                )
            )  # fmt: skip
        session.execute(text("INSERT INTO support_month_due VALUES (:n, '2026-11-01', true)"), {"n": network})
        session.flush()
        sum_due_months(session)
    return parts


@pytest.fixture
def run(environment: dict[str, str], counted: Parts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The digilinja command in a folder of its own."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize("cell", ["=1+1", "+358", "-2", "@x", "\tx", "\rx"])
def test_a_cell_that_would_be_a_formula_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert list(csv.reader(io.StringIO(as_csv(["a"], [[cell]]).decode(), newline="")))[1] == [f"'{cell}"]


def test_a_cell_with_quotes_commas_and_line_breaks_comes_back_as_it_was() -> None:
    written = as_csv(["a", "b"], [['say "hi", all', "two\r\nlines"], [0.5, None]]).decode()
    assert written.endswith("\r\n")
    assert list(csv.reader(io.StringIO(written, newline=""))) == [
        ["a", "b"],
        ['say "hi", all', "two\r\nlines"],
        ["0.5", ""],
    ]


def test_for_a_finnish_excel_decimals_have_commas_and_cells_semicolons() -> None:
    assert as_csv(["a", "b"], [["ä", 0.25]], for_excel=True) == "\ufeffa;b\r\nä;0,25\r\n".encode()


def test_without_pyarrow_the_mend_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(AdminError, match=r"install requirements-export\.lock"):
        as_parquet(["a"], [["x"]])


def test_a_worker_that_is_to_export_and_cannot_says_so_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin.statistics.night.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"fsspec and pyarrow cannot be found: install requirements-export\.lock"):
        require_export()


@pytest.mark.parametrize("url", ["tilastot", "/srv/tilastot", "s3://", "file://"])
def test_a_place_for_files_that_is_none_is_refused(environment: dict[str, str], url: str) -> None:
    with pytest.raises(SettingsError, match="DIGILINJA_EXPORT_URL is no place for files"):
        Settings.read({**environment, "DIGILINJA_EXPORT_URL": url})


def test_a_night_writes_what_is_still_counted() -> None:
    assert [period.name for period in periods_of(date(2026, 11, 24))] == ["2026-11", "2026-10", "2026"]
    assert [period.name for period in periods_of(date(2026, 1, 1))] == ["2025-12", "2025-11", "2025"]


def test_the_nights_files_are_all_there_and_none_is_half_written(counted: Parts, tmp_path: Path, now: datetime) -> None:
    url = f"file://{tmp_path}/tilastot"
    _export(counted, url, now)
    folder = tmp_path / "tilastot" / "network-1"
    names = {f"{period}.{kind}" for period in ("2026-11", "2026-10", "2026") for kind in ("csv", "xlsx", "parquet")}
    assert {path.name for path in folder.iterdir()} == names
    told = rows((folder / "2026-11.csv").read_bytes())
    events = {(line["by"], line["value"]): line["number"] for line in told if line["measure"] == "events"}
    assert (events["language", "total"], events["language", "fi"], events["topic", "KELA"]) == ("23", "", "23")
    assert {line["hidden"] for line in told if line["by"] == "language" and line["value"] == "sv"} >= {"true"}
    table = pyarrow.parquet.read_table(folder / "2026-11.parquet").to_pylist()
    assert [str(line["number"] or "") for line in table if line["measure"] == "events"] == [
        f"{float(line['number']):.1f}" if line["number"] not in ("", "0") else "" for line in told if line["measure"] == "events"
    ]  # fmt: skip


def test_a_second_night_writes_over_the_first(counted: Parts, tmp_path: Path, now: datetime) -> None:
    url = f"file://{tmp_path}/tilastot"
    _export(counted, url, now)
    before = (tmp_path / "tilastot/network-1/2026.csv").read_bytes()
    _export(counted, url, now, attempt=2)
    assert (tmp_path / "tilastot/network-1/2026.csv").read_bytes() == before


def test_a_file_that_could_not_be_written_leaves_the_old_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"file://{tmp_path}"
    put(url, "a/b.csv", b"old")

    def broken(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(fsspec.filesystem("file").__class__, "pipe_file", broken)
    with pytest.raises(OSError, match="full"):
        put(url, "a/b.csv", b"new")
    assert (tmp_path / "a/b.csv").read_bytes() == b"old"


def test_files_go_to_whatever_fsspec_knows(now: datetime) -> None:
    put("memory://bucket/prefix", "network-1/2026.csv", b"x")
    put("memory://bucket/prefix", "network-1/2026.csv", b"y")
    assert fsspec.filesystem("memory").cat("/bucket/prefix/network-1/2026.csv") == b"y"
    assert [entry["name"] for entry in fsspec.filesystem("memory").ls("/bucket/prefix/network-1")] == [
        "/bucket/prefix/network-1/2026.csv"
    ]


def test_the_report_shows_a_table_and_hides_the_few(run: Run) -> None:
    shown = run("report", "--period", "2026-11", "--by", "language", "--language", "fi")
    assert shown.exit_code == 0, shown.output
    assert "suomi" in shown.output
    assert "..." in shown.output
    assert "23" in shown.output


def test_a_report_over_all_time_says_how_long_it_took(run: Run) -> None:
    shown = run("report", "--by", "topic")
    assert "12 months in " in shown.output
    assert "Kela" in shown.output


def test_an_export_by_hand_is_named_by_its_ending(run: Run, tmp_path: Path) -> None:
    for name in ("t.xlsx", "t.csv", "t.parquet"):
        told = run("export", name, "--period", "2026")
        assert told.exit_code == 0, told.output
        assert (tmp_path / name).stat().st_size > 1000
    wrong = run("export", "t.pdf", "--period", "2026")
    assert (wrong.exit_code, ".csv, .xlsx, .parquet" in wrong.output) == (1, True)
    nowhere = run("export", "no/such/folder/t.csv", "--period", "2026")
    assert nowhere.exit_code == 1
    assert "cannot be written" in nowhere.output
    assert "2026-Q4" in run("export", "t.csv", "--period", "24.11.").output


def test_only_a_worker_with_a_place_for_them_writes_files_at_night(
    settings: Settings, counted: Parts, tmp_path: Path
) -> None:
    assert Errand.EXPORT not in worker(counted).tasks
    environment = Settings.__dataclass_fields__.keys()
    with_place = Settings(
        **{**{name: getattr(settings, name) for name in environment}, "export_url": f"file://{tmp_path}"}
    )
    busy = worker(Parts(with_place, counted.clock, counted.engine, counted.sessions))
    busy.beat()
    with counted.sessions() as session:
        due = session.execute(text("SELECT key, state FROM job WHERE kind = 'export' ORDER BY id")).all()
    assert ("export:all:2026-11-24", "done") in [tuple(row) for row in due]
    assert "export:network-1:2026-11-24" in [row.key for row in due]


def test_a_period_knows_its_quarters_and_months() -> None:
    year = Period.read("2026")
    assert [part.name for part in year.parts] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert [part.name for part in year.parts[3].parts] == ["2026-10", "2026-11", "2026-12"]
    assert (year.parts[3].parts[2].parts, year.parts[3].until) == ((), date(2027, 1, 1))
    assert [part.name for part in Period.years(2025, 2026).parts] == ["2025", "2026"]
    mondays = Period.read("2026-11").mondays
    assert (mondays[0], mondays[-1], len(mondays)) == (date(2026, 11, 2), date(2026, 11, 30), 5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=3)
@given(matter=matters(), sings=canaries())
def test_nothing_that_a_caller_told_is_in_any_file(
    counted: Parts, tmp_path: Path, now: datetime, matter: Matter, sings: Canaries
) -> None:
    """Six matters of one caller, so that they are not hidden for being few: in each kind of file, by hand and at night."""
    planted = _six_closed(counted, matter, sings, now)
    november = Period.read("2026-11")
    with counted.sessions() as session:
        tables = all_tables(session, 1, november, zone=HELSINKI)
        names = Names(session, 1, PageLanguage.FI)
        sheets = [sheet_of(table, names) for table in tables]
        sent = [as_csv(sheet.headings, sheet.rows, for_excel=True) for sheet in sheets]
        sent += [
            as_csv([field.name for field in fields(SingleEvent)], map(astuple, single_events(session, 1, november)))
        ]
    _export(counted, f"file://{tmp_path}/tilastot", now)
    files = [path for path in (tmp_path / "tilastot").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".csv", ".xlsx", ".parquet"}
    sent += [content for path in files for content in _contents(path)]
    assert any(b"2026-11,channel," in content for content in sent)
    assert [what for one in planted for content in sent for what in sung(one, content)] == []


def test_whoever_sings_in_a_file_is_heard(tmp_path: Path) -> None:
    """Else the test above would say nothing: packed files are read as their reader reads them."""
    sings = Canaries(
        "Zqname", "+358405556677", "zqmail@example.org", "zqwords", "zqsaid", "zqnoted", "20101", ("zqwords",)
    )
    planted = Planted(TicketRef(1, "DL-7K3MH"), sings)
    (tmp_path / "a.parquet").write_bytes(as_parquet(["a"], [["zqwords"]]))
    (tmp_path / "a.xlsx").write_bytes(as_xlsx([Sheet("a", ("a",), (("zqwords",),), ())]))
    for path in tmp_path.iterdir():
        assert sung(planted, *_contents(path)), path


def _six_closed(parts: Parts, matter: Matter, sings: Canaries, now: datetime) -> list[Planted]:
    with parts.sessions.begin() as session:
        planted = [plant(session, 1, matter, sings, now=now) for _ in range(6)]
        session.execute(
            text("UPDATE ticket SET status = 'closed', closed_at = :now, outcome = 'RATKAISTU', e_service = :words "
                 "WHERE id = ANY(:ids)"),
            {"now": now, "words": sings.words, "ids": [one.ticket.id for one in planted]},
        )  # fmt: skip
    assert count(parts.sessions) >= 6
    return planted


def _contents(path: Path) -> list[bytes]:
    """What whoever opens a file reads in it."""
    match path.suffix:
        case ".xlsx":
            with ZipFile(path) as packed:
                return [packed.read(name) for name in packed.namelist()]
        case ".parquet":
            return [str(pyarrow.parquet.read_table(path).to_pylist()).encode()]
        case _:
            return [path.read_bytes()]


def _export(parts: Parts, url: str, now: datetime, attempt: int = 1) -> None:
    tools = worker(parts).tools
    day = {"day": "2026-11-24", "network": None}
    export_night(url, tools, ClaimedJob(1, "export:all:2026-11-24", Errand.EXPORT, day, now, attempt))
    with parts.sessions.begin() as session:
        later = parts.clock.now() + timedelta(seconds=1)
        jobs = claim(session, now=later, limit=10, lease=timedelta(minutes=5), kinds=[Errand.EXPORT])
        (job,) = jobs or (ClaimedJob(2, "export:network-1:2026-11-24", Errand.EXPORT, {**day, "network": 1}, now, 1),)
    export_night(url, tools, job)
