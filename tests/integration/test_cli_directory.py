"""digilinja directory: in whole or not at all, out again as it went in, and what PTV takes in."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.test_cli import Command, digilinja, line_of

__all__ = ["digilinja"]
HEADING = "code;kind;name_fi;phone;organisation;owner\n"
ORGANISATION = "8a7f0c9e-3f52-4a55-9d1c-0d6a4c2b1e11"


def rows(parts: Parts, table: str) -> int:
    with parts.sessions() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "paikat.csv"


@pytest.mark.parametrize("kind", ["points", "gatherings", "materials"])
def test_what_goes_out_comes_in_again_and_changes_nothing(
    digilinja: Command, demo: DemoData, parts: Parts, file: Path, kind: str
) -> None:
    table = {"points": "referral_point", "gatherings": "gathering", "materials": "material"}[kind]
    out = digilinja("directory", "export", kind)
    assert out.exit_code == 0, out.output
    file.write_text(out.stdout, encoding="utf-8")
    with parts.sessions() as session:
        before = session.execute(text(f"SELECT * FROM {table} ORDER BY id")).all()
    taken = digilinja("directory", "import", str(file))
    assert (taken.exit_code, f"{len(before)} entries are in the directory." in taken.output) == (0, True), taken.output
    with parts.sessions() as session:
        assert session.execute(text(f"SELECT * FROM {table} ORDER BY id")).all() == before
    assert digilinja("directory", "export", kind).stdout == out.stdout


def test_one_wrong_line_keeps_the_whole_file_out(digilinja: Command, demo: DemoData, parts: Parts, file: Path) -> None:
    before = rows(parts, "referral_point")
    file.write_text(HEADING + "a;other;A;116117;;\nb;other;B;116117;999;\nc;other;C;116117;;999\n", encoding="utf-8")
    told = digilinja("directory", "import", str(file))
    assert told.exit_code != 0
    assert "line 3, organisation: there is no such thing in this network" in told.stderr
    assert "line 4, owner: there is no such thing in this network" in told.stderr
    assert rows(parts, "referral_point") == before
    file.write_text(HEADING + "a;other;A;116117;;\n", encoding="utf-8")
    assert "Nothing was changed." in digilinja("directory", "import", "--preview", str(file)).output
    assert rows(parts, "referral_point") == before


def test_a_cell_that_cannot_be_read_is_named_with_its_line_and_how_it_is_written(
    digilinja: Command, demo: DemoData, parts: Parts, file: Path
) -> None:
    before = rows(parts, "referral_point")
    file.write_text(HEADING + "a;other;A;116117;;\nb;castle;B;hei;;\n", encoding="utf-8")
    told = digilinja("directory", "import", str(file)).stderr
    assert "line 3, kind: 'castle'" in told
    assert "line 3, phone: 'hei'" in told
    assert rows(parts, "referral_point") == before


def test_a_file_in_another_encoding_is_refused_with_the_mend(digilinja: Command, demo: DemoData, file: Path) -> None:
    file.write_bytes((HEADING + "a;other;Ääni;116117;;\n").encode("latin-1"))
    assert "not in UTF-8; save it as" in line_of(digilinja("directory", "import", str(file)))


def test_the_list_shows_what_is_overdue(digilinja: Command, demo: DemoData, parts: Parts) -> None:
    assert "esimerkkikirjasto" in digilinja("directory", "list", "points").output
    assert "nothing there" in digilinja("directory", "list", "points", "--overdue").output
    with parts.sessions.begin() as session:
        session.execute(text("UPDATE referral_point SET review_due = '2026-11-01' WHERE code = 'lainapuhelin'"))
    overdue = digilinja("directory", "list", "points", "--overdue").output
    assert "lainapuhelin" in overdue
    assert "esimerkkikirjasto" not in overdue


def test_the_service_is_described_as_ptv_takes_it_in(digilinja: Command, demo: DemoData) -> None:
    terms = (
        *("--service-class", "http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/P27.1"),
        *("--ontology-term", "http://www.yso.fi/onto/koko/p1"),
    )
    told = digilinja("directory", "ptv", "--organisation", ORGANISATION, *terms, "--json")
    assert told.exit_code == 0, told.output
    service = json.loads(told.stdout)["service"]
    assert (service["mainResponsibleOrganization"], service["publishingStatus"]) == (ORGANISATION, "Draft")
    lacking = line_of(digilinja("directory", "ptv", "--organisation", ORGANISATION))
    assert "a service class and an ontology term" in lacking
