"""The reports' pictures: as long as their numbers, broken where nothing is told."""

import pytest

from admin.reports.chart import MOST_BARS, Point, bars, line


def test_bars_are_as_long_as_their_numbers_and_what_is_hidden_has_none() -> None:
    picture = bars([Point("a", 10, "10"), Point("b", 5, "5"), Point("c", None, "...")])
    assert [bar.length for bar in picture.bars] == [picture.bars[1].length * 2, picture.bars[1].length, 0]
    assert len(bars([Point(str(at), at, str(at)) for at in range(40)]).bars) == MOST_BARS
    assert bars([]).bars == []


def test_a_line_is_broken_where_nothing_is_told_and_campaigns_do_not_hide_each_other() -> None:
    points = [Point(str(at), number, str(number)) for at, number in enumerate((4, 8, None, 2))]
    picture = line(points, [("one", 0, 2), ("two", 1, 3), ("three", 2.5, 3)])
    assert [len(stroke.split()) for stroke in picture.strokes] == [2, 1]
    assert [band.row for band in picture.bands] == [0, 1, 0]
    low, high = picture.dots[0].y, picture.dots[1].y
    assert picture.base - high == pytest.approx(2 * (picture.base - low))
    assert line([]).dots == []
