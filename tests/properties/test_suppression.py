"""Nobody can work out a hidden cell: every table that the shown one could come from is tried, in small."""

from collections.abc import Iterator, Mapping

from hypothesis import example, given
from hypothesis import strategies as st

from tickets.statistics.suppression import SMALLEST, Protected, Sum, hides_whole, is_small, protect

Cell = tuple[str, ...]
ALL: Cell = ("all",)


# A reader who thinks that no hidden cell is more has fewer tables to choose from, and knows more.
HIGHEST = 14


def under(cell: Cell, sums: list[Sum[Cell]]) -> frozenset[Cell]:
    """The cells that are summed up in this one in the end."""
    mine = next((each for each in sums if each.whole == cell), None)
    return frozenset({cell}) if mine is None else frozenset().union(*(under(part, sums) for part in mine.parts))


def possible(
    cells: Mapping[Cell, int], sums: list[Sum[Cell]], protected: Protected[Cell], leaves: list[Cell]
) -> Iterator[dict[Cell, int]]:
    """All counts that a reader must think possible: hidden cells are one at least, and every shown sum is right."""
    shown = [(under(each.whole, sums), cells[each.whole]) for each in sums if each.whole not in protected.hidden]
    least = 1 if protected.named else 0

    def go_on(counts: dict[Cell, int]) -> Iterator[dict[Cell, int]]:
        for parts, whole in shown:
            so_far = sum(counts.get(part, 0) for part in parts)
            if so_far > whole or (so_far < whole and parts <= counts.keys()):
                return
        if len(counts) == len(leaves):
            yield {cell: sum(counts[part] for part in under(cell, sums)) for cell in cells}
            return
        leaf = leaves[len(counts)]
        for count in range(least, HIGHEST + 1) if leaf in protected.hidden else (cells[leaf],):
            yield from go_on({**counts, leaf: count})

    return go_on({})


def given_away(
    cells: dict[Cell, int], sums: list[Sum[Cell]], protected: Protected[Cell], leaves: list[Cell]
) -> set[Cell]:
    """The small cells that have the same count in every possible table."""
    doubtful = {cell for cell, count in cells.items() if is_small(count)}
    for table in possible(cells, sums, protected, leaves):
        doubtful = {cell for cell in doubtful if table[cell] == cells[cell]}
        if not doubtful:
            break
    return doubtful


def one_way(counts: list[int]) -> tuple[dict[Cell, int], list[Sum[Cell]], list[Cell]]:
    leaves: list[Cell] = [("part", str(number)) for number in range(len(counts))]
    cells = dict(zip(leaves, counts, strict=True)) | {ALL: sum(counts)}
    return cells, [Sum(ALL, frozenset(leaves))], leaves


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5))
@example([3, 9, 9])
@example([1, 1, 9])
@example([1, 1, 1, 1, 1])
@example([3])
def test_no_small_cell_of_a_list_follows_from_its_total(counts: list[int]) -> None:
    cells, sums, leaves = one_way(counts)
    protected = protect(cells, sums)
    assert {cell for cell, count in cells.items() if is_small(count)} <= protected.hidden
    assert given_away(cells, sums, protected, leaves) == set()


@given(st.lists(st.integers(0, 7), min_size=4, max_size=6).filter(lambda counts: len(counts) % 2 == 0))
@example([3, 9, 9, 9])
@example([1, 2, 2, 5])
def test_no_small_cell_of_a_table_follows_from_its_rows_and_columns(counts: list[int]) -> None:
    columns = len(counts) // 2
    leaves: list[Cell] = [("cell", str(row), str(column)) for row in range(2) for column in range(columns)]
    cells = dict(zip(leaves, counts, strict=True))
    sums = []
    for name, place, lines in (("row", 1, 2), ("column", 2, columns)):
        for line in range(lines):
            parts = frozenset(leaf for leaf in leaves if leaf[place] == str(line))
            sums.append(Sum((name, str(line)), parts))
            cells[name, str(line)] = sum(cells[part] for part in parts)
    sums.append(Sum(ALL, frozenset({("row", "0"), ("row", "1")})))
    sums.append(Sum(ALL, frozenset({("column", str(column)) for column in range(columns)})))
    cells[ALL] = sum(counts)
    protected = protect(cells, sums)
    assert given_away(cells, sums, protected, leaves) == set()


@given(st.lists(st.integers(0, 8), min_size=5, max_size=5))
@example([3, 9, 9, 9, 9])
@example([3, 0, 9, 9, 9])
def test_no_small_municipality_follows_from_its_sub_region_or_county(counts: list[int]) -> None:
    """Five municipalities in two sub-regions, and in two counties that cut across them."""
    leaves: list[Cell] = [("m", "x", str(number)) for number in range(5)]
    cells = dict(zip(leaves, counts, strict=True)) | {ALL: sum(counts)}
    groups = {"sub1": (0, 1), "sub2": (2, 3, 4), "county1": (0, 1, 2), "county2": (3, 4)}
    sums: list[Sum[Cell]] = []
    for name, members in groups.items():
        parts = frozenset(leaves[member] for member in members)
        sums.append(Sum((name, "x"), parts))
        cells[name, "x"] = sum(cells[part] for part in parts)
    sums += [Sum(ALL, frozenset({(f"{kind}1", "x"), (f"{kind}2", "x")})) for kind in ("sub", "county")]
    protected = protect(cells, sums, shown={ALL} if cells[ALL] >= SMALLEST else ())
    assert given_away(cells, sums, protected, leaves) == set()


def test_a_table_without_small_cells_is_shown_whole() -> None:
    cells, sums, _ = one_way([5, 0, 12])
    assert protect(cells, sums) == Protected(frozenset(), named=True)


def test_with_one_small_cell_the_next_smallest_goes_too_and_the_largest_stays() -> None:
    cells, sums, leaves = one_way([3, 40, 7, 100])
    assert protect(cells, sums).hidden == {leaves[0], leaves[2]}


def test_where_a_total_stays_shown_and_the_number_of_small_cells_would_say_all_they_are_not_named() -> None:
    cells, sums, leaves = one_way([1, 1, 1, 1, 1])
    protected = protect(cells, sums, shown={ALL})
    assert protected == Protected(frozenset(leaves), named=False)


def test_a_year_is_hidden_where_one_month_of_it_is() -> None:
    assert hides_whole([(3, True), (20, False)])
    assert hides_whole([(1, True), (1, True), (9, False)])
    assert not hides_whole([(3, True), (4, True), (20, False)])
    assert not hides_whole([(8, False), (20, False)])
    assert not hides_whole([])
