"""A coordinator's spreadsheet as a rota: read as it is written in Finland, every mistake by its line."""

from datetime import date, time

import pytest

from admin.rota_file import RotaFileError, read_rota
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language


def test_a_finnish_spreadsheet_is_read_as_excel_writes_it() -> None:
    text = "\ufeffPäivä;Alkaa;Päättyy;Tarvitaan;Enintään;Kieli;Laji;Auttajat\r\n28.11.2026;9.00;12.00;1;2;ruotsi;vapaaehtoinen;Aino + Ville\r\n;;;;;;;\r\n"
    (row,) = read_rota(text)
    assert (row.line, row.day, row.begins, row.ends) == (2, date(2026, 11, 28), time(9), time(12))
    assert (row.needed, row.most, row.language, row.kind) == (1, 2, Language.SV, HelperKind.VOLUNTEER)
    assert row.helpers == ("Aino", "Ville")


def test_what_is_left_out_is_the_usual() -> None:
    (row,) = read_rota("day,begins,ends\n2026-11-28,9:00,12:00\n")
    assert (row.needed, row.most, row.organisation, row.language, row.kind, row.helpers) == (1, 1, None, None, None, ())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("2026-02-30;9:00;12:00;", "line 2, day: '2026-02-30' is not a day"),
        ("2026-11-28;nine;12:00;", "line 2, begins: 'nine' is not a time"),
        ("2026-11-28;9:00;;", "line 2, ends: '' is not a time"),
        ("2026-11-28;9:00;12:00;-1", "line 2, needed: '-1' is not how many"),
        ("2026-11-28;9:00;8;", "line 2, ends: 08:00 comes before 09:00"),
    ],
)
def test_a_mistake_is_told_by_line_and_column(line: str, told: str) -> None:
    with pytest.raises(RotaFileError, match=told):
        read_rota(f"day;begins;ends;needed\n{line}\n")


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(RotaFileError) as told:
        read_rota("day;begins;ends\nx;9:00;12:00\n2026-11-28;y;12:00\n")
    assert str(told.value).splitlines() == [
        "line 2, day: 'x' is not a day, such as 2026-11-28 or 28.11.2026",
        "line 3, begins: 'y' is not a time, such as 9:00",
    ]


def test_more_people_than_places_is_a_mistake() -> None:
    with pytest.raises(RotaFileError, match="line 2, most: 1 is less than the 3 who are needed"):
        read_rota("day;begins;ends;needed;most\n2026-11-28;9:00;12:00;3;1\n")


@pytest.mark.parametrize(
    ("heading", "told"), [("", "no column for day"), ("day;begins", "ends"), ("day;begins;ends;shoe", "'shoe'")]
)
def test_a_column_that_lacks_or_is_unknown_is_named(heading: str, told: str) -> None:
    with pytest.raises(RotaFileError, match=told):
        read_rota(f"{heading}\n")


def test_a_night_shift_is_no_mistake() -> None:
    (row,) = read_rota("day;begins;ends\n2026-11-28;20:00;6:00\n")
    assert (row.begins, row.ends) == (time(20), time(6))
