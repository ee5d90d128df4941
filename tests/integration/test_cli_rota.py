"""digilinja rota: a spreadsheet becomes shifts, once, all of it or none, and can be taken back."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from admin.commands.autofill import WORDS
from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.autofill import Reason
from tests.integration.test_cli import Command, digilinja, line_of

__all__ = ["digilinja"]
SATURDAY = (
    "päivä;alkaa;päättyy;tarvitaan;enintään;auttajat\n28.11.2026;9.00;12.00;1;2;{helper}\n28.11.2026;12.00;15.00;1;1;\n"
)


@pytest.fixture
def file(tmp_path: Path, demo: DemoData) -> Path:
    path = tmp_path / "lauantai.csv"
    path.write_text(SATURDAY.format(helper=demo.helpers[0].name), encoding="utf-8")
    return path


def saturdays(parts: Parts) -> int:
    query = text("SELECT count(*) FROM shift WHERE cancelled_at IS NULL AND during && '[2026-11-28, 2026-11-29)'")
    with parts.sessions() as session:
        return int(session.execute(query).scalar_one())


def test_a_spreadsheet_is_seen_brought_in_once_and_taken_back(
    digilinja: Command, demo: DemoData, parts: Parts, file: Path
) -> None:
    seen = digilinja("rota", "import", "--preview", str(file))
    assert "Nothing was changed." in seen.output
    assert saturdays(parts) == 0
    made = digilinja("rota", "import", str(file))
    assert (made.exit_code, saturdays(parts)) == (0, 2)
    assert demo.helpers[0].name in digilinja("rota", "show", "--week", "2026-11-28").output
    assert "Nothing was made." in digilinja("rota", "import", str(file)).output
    batch = re.search(r"as batch (\d+)", made.output)
    assert batch is not None
    assert "2 shifts would go" in digilinja("rota", "undo", "--preview", batch[1]).output
    assert "2 shifts are gone" in digilinja("rota", "undo", batch[1]).output
    assert saturdays(parts) == 0
    assert "was undone before" in line_of(digilinja("rota", "undo", batch[1]))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [("12.00;1;2;Ei Kukaan", "line 2, helpers"), ("8.00x;1;2;", "line 2, ends"), ("12.00;9;2;", "line 2, most")],
)
def test_one_wrong_line_keeps_all_of_the_file_out_and_is_named(
    digilinja: Command, demo: DemoData, parts: Parts, file: Path, wrong: str, told: str
) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[1] = f"28.11.2026;9.00;{wrong}"
    file.write_text("\n".join(lines), encoding="utf-8")
    assert told in line_of(digilinja("rota", "import", str(file)))
    assert saturdays(parts) == 0


def test_a_file_that_excel_wrote_in_its_own_way_is_read_too(
    digilinja: Command, demo: DemoData, parts: Parts, file: Path
) -> None:
    file.write_bytes(file.read_text(encoding="utf-8").encode("cp1252"))
    assert digilinja("rota", "import", str(file)).exit_code == 0
    assert saturdays(parts) == 2


def test_autofill_proposes_in_the_terminal_and_a_person_decides(
    digilinja: Command, demo: DemoData, parts: Parts, file: Path
) -> None:
    digilinja("rota", "import", str(file))
    proposed = digilinja("autofill", "propose", "--weeks", "1")
    assert proposed.exit_code == 0, proposed.output
    number = re.search(r"autofill accept (\d+)", proposed.output)
    assert number is not None
    assert re.search(r"[1-9]\d* places given as batch", digilinja("autofill", "accept", number[1]).output)
    assert "has been decided about" in line_of(digilinja("autofill", "dismiss", number[1]))
    assert "There is no proposal 999" in line_of(digilinja("autofill", "accept", "999"))


def test_every_reason_for_an_open_place_has_its_words() -> None:
    assert set(WORDS) == set(Reason)
