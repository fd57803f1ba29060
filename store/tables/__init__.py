"""The tables: design §1's nouns, one row class each. Only `store` sees them."""

from store.tables.cycles import CycleRow, PlanVersionRow, StageRow
from store.tables.journal import JournalHeadRow, JournalRow, LeaseRow
from store.tables.outbox import AttemptRow, MessageRow, NoticeRow
from store.tables.people import (
    AuthorityRow,
    CalendarDayRow,
    CalendarRow,
    CalendarYearRow,
    ContactRow,
    PartyRow,
    SuccessionRow,
    SuperiorRow,
)
from store.tables.work import ObligationRow, RungRow, TermRow

__all__ = [
    "AttemptRow",
    "AuthorityRow",
    "CalendarDayRow",
    "CalendarRow",
    "CalendarYearRow",
    "ContactRow",
    "CycleRow",
    "JournalHeadRow",
    "JournalRow",
    "LeaseRow",
    "MessageRow",
    "NoticeRow",
    "ObligationRow",
    "PartyRow",
    "PlanVersionRow",
    "RungRow",
    "StageRow",
    "SuccessionRow",
    "SuperiorRow",
    "TermRow",
]
