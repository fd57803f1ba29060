"""Every page of the console."""

from __future__ import annotations

from api.console import (
    chosen,
    doors,
    live,
    matrix,
    obligation,
    plan,
    preferences,
    security_txt,
    today,
    unit,
)

PAGES = (
    today.router,
    live.router,
    matrix.router,
    chosen.router,
    unit.router,
    plan.router,
    obligation.router,
    preferences.router,
    doors.router,
    security_txt.router,
)
