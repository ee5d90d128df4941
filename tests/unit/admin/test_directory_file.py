"""A spreadsheet of the directory: read as people write it, each mistake named with its line and what would mend it."""

import pytest

from admin.api.directory_shapes import GatheringIn, MaterialIn, PointIn
from admin.directory_file import DirectoryFileError, Kind, Row, read_sheet, refuse, write_directory

POINTS = "code;kind;name_fi;address_fi;postcode;phone;topics;reviewed_on\n"


def entries(text: str) -> tuple[Row, ...]:
    """The entries of a file, as the command takes them; DirectoryFileError with all its mistakes."""
    sheet = read_sheet(text)
    refuse([f"line {one.line}, {told}" for one in sheet.wrong for told in one.told])
    return tuple(sheet.rows)


def mistakes(text: str) -> list[str]:
    with pytest.raises(DirectoryFileError) as raised:
        entries(text)
    return str(raised.value).splitlines()


def test_a_place_is_read_as_people_write_it() -> None:
    (row,) = entries(POINTS + "a;library;Kirjasto;Mallikatu 2;20100;02 555 0301;PUHELIN, TABLETTI;3.11.2026\n")
    assert isinstance(row.entry, PointIn)
    facts = row.entry.facts(row.entry.reviewed_on or pytest.fail("no day"))
    assert (facts.municipality, facts.phone, facts.topics) == ("853", "+35825550301", ["PUHELIN", "TABLETTI"])
    assert (str(facts.reviewed_on), str(facts.review_due), facts.outcome) == (
        "2026-11-03",
        "2027-05-04",
        "OHJATTU_LAHI",
    )


def test_a_gathering_and_material_are_known_by_their_columns() -> None:
    text = "code,kind,name_sv,first_day,begins,ends,must_register,phone,more_days\n"
    (row,) = entries(text + "b,course,Kurs,25.11.2026,9.30,11,ja,116117,2.12.2026 9.12.2026\n")
    assert isinstance(row.entry, GatheringIn)
    assert (str(row.entry.begins), str(row.entry.ends), row.entry.must_register) == ("09:30:00", "11:00:00", True)
    assert ([str(day) for day in row.entry.more_days], row.entry.phone) == (["2026-12-02", "2026-12-09"], "116117")
    (row,) = entries("code\tkind\ttitle\turl\tlanguage\nc\tvideo\tNäin\thttps://a.example/\tfi\n")
    assert isinstance(row.entry, MaterialIn)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("A b;library;K;M 2;20100;;;", "line 2, code: 'A b': write it with small letters a–z, digits and hyphens"),
        ("a;castle;K;M 2;20100;;;", "line 2, kind: 'castle'"),
        ("a;library;;M 2;20100;;;", "line 2, name_fi: say what it is called"),
        ("a;library;K;M 2;;;;", "line 2, postcode: say in which postcode or municipality"),
        ("a;library;K;;20100;;;", "line 2, address_fi: say an address, a phone or a web page"),
        ("a;library;K;M 2;20999;;;", "line 2, postcode: '20999': no municipality has the postcode 20999"),
        ("a;library;K;M 2;20100;12;;", "line 2, phone: '12'"),
        ("a;library;K;M 2;20100;02 1;;", "line 2, phone: '02 1': 02 1 is no telephone number; write it as"),
        ("a;library;K;M 2;20100;;KISSAT;", "line 2, topics: 'KISSAT'"),
        ("a;library;K;M 2;20100;;;31.2.2026", "line 2, reviewed_on: '31.2.2026'"),
    ],
)
def test_a_mistake_is_named_with_its_line_its_column_and_the_mend(line: str, told: str) -> None:
    (mistake,) = mistakes(POINTS + line + "\n")
    assert mistake.startswith(told)


def test_a_code_that_stands_twice_and_every_other_mistake_are_told_at_once() -> None:
    fine = "a;library;K;M 2;20100;;;\n"
    assert mistakes(POINTS + fine + "\n" + fine + "b;x;K;M 2;20100;;;\n") == [
        "line 4, code: 'a' stands in line 2 already; each entry has its own",
        mistakes(POINTS + "\n\n\nb;x;K;M 2;20100;;;\n")[0],
    ]
    many = mistakes(POINTS + "".join(f"a{number};x;K;M 2;20100;;;\n" for number in range(25)))
    assert (len(many), many[-1]) == (21, "… and 5 more")


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("code;kind;cats", "nobody knows the column 'cats'"),
        ("code", "no column for kind; add it"),
        ("code;kind;code", "the column 'code' is there twice"),
        ("", "no column for code and kind; add it"),
    ],
)
def test_a_heading_that_cannot_be_read_is_told_with_the_mend(heading: str, told: str) -> None:
    assert told in mistakes(heading + "\na;library;b\n")[0]


def test_what_is_written_is_read_as_the_same() -> None:
    text = POINTS + 'a;library;"Kirjasto; ""iso"" – Åbo";Mallikatu 2;20100;;PUHELIN TURVA;2026-11-03\n'
    (row,) = entries(text)
    (again,) = entries(write_directory(Kind.POINTS, [row.entry]))
    assert again.entry == row.entry
