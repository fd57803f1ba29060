"""Letters as the rest of `notifications` speaks of them: the records of `evaluation.letters`, read by `store.queries.letters`."""

from evaluation.letters import (
    AccountChange,
    Answers,
    Digest,
    DigestLine,
    DigestList,
    Duty,
    Helpdesk,
    Item,
    Language,
    Letter,
    OneTime,
    Reader,
    Repair,
    Running,
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
    "Helpdesk",
    "Item",
    "Language",
    "Letter",
    "OneTime",
    "Reader",
    "Repair",
    "Running",
    "Subject",
    "Timing",
]
