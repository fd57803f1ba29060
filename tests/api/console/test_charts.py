"""Charts drawn by the server: each bar as long as its number, changes on either side of the middle, nothing over the edge."""

from __future__ import annotations

from decimal import Decimal

from api.console.charts import bar_chart, change_chart

D = Decimal


def test_a_bar_is_as_long_as_its_number() -> None:
    chart = bar_chart("fields", [("Điều hành", "50,00 %", D(50)), ("Thể chế", "0 %", D(0)), ("Thưởng", "104 %", D(104))], most=D(100))
    assert [(one.label, one.value, one.start, one.width) for one in chart.bars] == [
        ("Điều hành", "50,00 %", "0", "50.00"),
        ("Thể chế", "0 %", "0", "0.00"),
        ("Thưởng", "104 %", "0", "100.00"),
    ]
    assert [one.width for one in bar_chart("bands", [("A", "4", D(4)), ("B", "1", D(1))]).bars] == ["100.00", "25.00"]
    assert [one.width for one in bar_chart("bands", [("A", "0", D(0))]).bars] == ["0.00"]
    assert bar_chart("bands", []).bars == ()


def test_changes_go_both_ways_from_the_middle() -> None:
    chart = change_chart("changes", [("Xã 1", "+4", D(4)), ("Xã 2", "-2", D(-2)), ("Xã 3", "0", D(0))])
    assert chart.middle
    assert [(one.start, one.width, one.tone) for one in chart.bars] == [
        ("50", "50.00", "up"),
        ("25.00", "25.00", "down"),
        ("50", "0.00", "up"),
    ]
