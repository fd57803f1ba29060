"""Slots: what waits leaves on working days, from the slot's time of day until the evening."""

from __future__ import annotations

from datetime import time

import pytest

from evaluation.slots import slot_at
from tests.evaluation.one_duty import CALENDAR, local


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        pytest.param("20/01/2026 07:30", "20/01/2026 07:30", id="at the slot"),
        pytest.param("20/01/2026 07:31", "20/01/2026 07:30", id="a minute late loses no day"),
        pytest.param("20/01/2026 05:00", "20/01/2026 07:30", id="in the early morning: the same day's"),
        pytest.param("20/01/2026 17:59", "20/01/2026 07:30", id="in the last minute before the evening"),
        pytest.param("20/01/2026 18:00", "21/01/2026 07:30", id="in the evening: tomorrow's"),
        pytest.param("23/01/2026 18:00", "26/01/2026 07:30", id="on Friday evening: Monday's"),
        pytest.param("24/01/2026 10:00", "26/01/2026 07:30", id="on Saturday: Monday's"),
        pytest.param("02/01/2026 10:00", "05/01/2026 07:30", id="on the Friday swapped off: Monday's"),
        pytest.param("10/01/2026 10:00", "10/01/2026 07:30", id="on the made-up Saturday: the same day's"),
        pytest.param("09/01/2026 20:00", "10/01/2026 07:30", id="on the evening before the made-up Saturday: that day's"),
        pytest.param("13/02/2026 18:30", "23/02/2026 07:30", id="on the evening before Tết: after it"),
        pytest.param("17/02/2026 08:00", "23/02/2026 07:30", id="in Tết: after it"),
        pytest.param("20/01/2026 00:00", "20/01/2026 07:30", id="at midnight the new day has begun, in Vietnam"),
    ],
)
def test_slot_at(now: str, slot: str) -> None:
    assert slot_at(local(now), calendar=CALENDAR, opens=time(7, 30)) == local(slot)


def test_the_slots_hour_is_the_plans() -> None:
    assert slot_at(local("20/01/2026 09:00"), calendar=CALENDAR, opens=time(14, 0)) == local("20/01/2026 14:00")
