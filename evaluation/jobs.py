"""Jobs: long work that somebody asks for, and how far it is."""

from __future__ import annotations

from enum import StrEnum


class JobKind(StrEnum):
    """What is worked on."""

    REHEARSAL = "rehearsal"  #: a plan's whole year, on the people of an authority
    LETTERS = "letters"  #: urging letters about what was chosen in the matrix
    BOOK = "book"  #: a workbook of many units' sheets, looked at or taken in


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"  #: no engine has it
    RUNNING = "running"  #: an engine has it, until its claim runs out
    DONE = "done"
    FAILED = "failed"  #: it cannot be done as it was asked for
    BROKEN = "broken"  #: every engine that took it stopped in the middle


#: Nothing follows.
OVER = frozenset({JobState.DONE, JobState.FAILED, JobState.BROKEN})
