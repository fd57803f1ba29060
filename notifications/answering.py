"""Answers: who has answered a request and who has not, as lists of a mail, and the counts that its subject gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifications.groups import MOST_LINES, Group
from notifications.letters import Language
from notifications.sheets import one_line
from notifications.wording import counted, deadline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from notifications.letters import Answers


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswersSheet:
    """A request's answers in words."""

    name: str  #: `YC-03: Báo cáo tình hình …`
    due: str
    whole: bool  #: nobody is missing


def answers_sheet(answers: Answers, *, zone: tzinfo, language: Language) -> AnswersSheet:
    """Return what the mail says of the request as a whole."""
    due = ""
    if answers.due_on is not None and answers.due_at is not None:
        due = deadline(answers.due_on, due_at=answers.due_at, zone=zone, language=language)
    return AnswersSheet(name=one_line(f"{answers.key}, {answers.title}"), due=due, whole=not answers.missing)


def answer_counts(answers: Answers, *, language: Language) -> str:
    """Return `7/9 đã gửi, 2 gửi trễ, 2 chưa gửi`; late and missing are left out where they are none."""
    vi = language is Language.VI
    given = len(answers.in_time) + len(answers.late)
    parts = [f"{given}/{given + len(answers.missing)} {'đã gửi' if vi else 'reported'}"]
    if answers.late:
        parts.append(f"{len(answers.late)} {'gửi trễ' if vi else 'late'}")
    if answers.missing:
        parts.append(f"{len(answers.missing)} {'chưa gửi' if vi else 'missing'}")
    return ", ".join(parts)


def answer_groups(answers: Answers, *, language: Language) -> tuple[Group, ...]:
    """Return the lists, who is missing first; an empty one is left out."""
    vi = language is Language.VI
    late = [f"{name} ({counted(days, language=language)})" for name, days in answers.late]
    lists: Sequence[tuple[str, Sequence[str]]] = (
        ("Chưa gửi" if vi else "Missing", answers.missing),
        ("Gửi trễ" if vi else "Late", late),
        ("Gửi đúng hạn" if vi else "In time", answers.in_time),
        ("Không phải gửi nữa" if vi else "No longer asked", answers.released),
    )
    return tuple(_group(heading, names) for heading, names in lists if names)


def _group(heading: str, names: Sequence[str]) -> Group:
    shown = tuple(one_line(name) for name in names[:MOST_LINES])
    return Group(heading=heading, total=len(names), lines=shown, rest=len(names) - len(shown))
