"""Letters as the rest of `notifications` speaks of them: the records of `evaluation.letters`, read by `store.queries.letters`."""

from evaluation.letter_subjects import Running, TheirResult
from evaluation.letters import (
    AccountChange,
    Answers,
    Digest,
    DigestLine,
    DigestList,
    Duty,
    GroupCount,
    Helpdesk,
    Item,
    Language,
    Letter,
    OneTime,
    Reader,
    Repair,
    Subject,
    Timing,
)

__all__ = [
    "AccountChange",
    "Answers",
    "Digest",
    "DigestLine",
    "DigestList",
    "Duty",
    "GroupCount",
    "Helpdesk",
    "Item",
    "Language",
    "Letter",
    "OneTime",
    "Reader",
    "Repair",
    "Running",
    "Subject",
    "TheirResult",
    "Timing",
]
