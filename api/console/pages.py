"""Every page of the console."""

from __future__ import annotations

from api.console import (
    account,
    chosen,
    doors,
    health,
    journal,
    live,
    matrix,
    message,
    obligation,
    outbox,
    plan,
    preferences,
    rights,
    second_factor,
    security_txt,
    settings,
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
    outbox.router,
    message.router,
    journal.router,
    rights.router,
    health.router,
    settings.router,
    account.router,
    second_factor.router,
    preferences.router,
    doors.router,
    security_txt.router,
)
