"""Numbers and hours as people and browsers write them."""

from datetime import time

import pytest

from admin.people.reading import LARGEST_ID, number_of, row_of, time_of


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9", time(9)),
        ("09", time(9)),
        ("9.", time(9)),
        ("9:", time(9)),
        ("9.15", time(9, 15)),
        ("9:15", time(9, 15)),
        ("09:15", time(9, 15)),
        ("0915", time(9, 15)),
        (" 9.15 ", time(9, 15)),
        ("23.59", time(23, 59)),
        ("0.00", time()),
        ("09:15:30", time(9, 15)),
    ],
)
def test_an_hour_is_read_as_browsers_send_it_and_as_people_write_it(typed: str, read: time) -> None:
    assert time_of(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ysi",
        "24",
        "24.00",
        "9.60",
        "-9",
        "915",
        "9.5",
        "9.155",
        "9 15",
        "9,15",
        "0960",
        "09:15+02:00",
        "٩",
        "²",
        "9.²",
        "9\0",
    ],
)
def test_what_is_no_hour_or_might_be_two_is_none(typed: str) -> None:
    assert time_of(typed) is None


@pytest.mark.parametrize(("typed", "read"), [("0", 0), ("7", 7), (" 7 ", 7), ("007", 7), ("120", 120)])
def test_a_whole_number_is_read(typed: str, read: int) -> None:
    assert number_of(typed, 0, 120) == read


@pytest.mark.parametrize("typed", [None, "", " ", "121", "-1", "+1", "1.0", "1e2", "1_0", "٣", "²", "9" * 5000, "1\0"])
def test_what_is_no_whole_number_between_these_is_none(typed: str | None) -> None:
    assert number_of(typed, 0, 120) is None


@pytest.mark.parametrize(
    ("typed", "row"), [("1", 1), ("0", None), (str(LARGEST_ID), LARGEST_ID), (str(LARGEST_ID + 1), None)]
)
def test_a_row_has_a_number_that_a_database_can_have(typed: str, row: int | None) -> None:
    assert row_of(typed) == row
