"""Letters about who owes what: what is suggested for their cover, of the lines that they list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.paper_facts import Cover, OwedFacts
from evaluation.papers import FORM_OF, Purpose, sign_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from evaluation.obligations import Obligation
    from evaluation.paper_facts import Facts, Head, OwedLine, Signature

#: More units than this are not named one by one under “Kính gửi”.
MOST_ADDRESSED = 5
ALL_LISTED = "Các cơ quan, đơn vị, địa phương có tên dưới đây"
_ABOUT: dict[Purpose, str] = {
    Purpose.URGING: "đôn đốc thực hiện {}",
    Purpose.LIST_TO_CHAIR: "Tình hình chậm thực hiện {}",
    Purpose.CRITICISM: "phê bình việc chậm thực hiện {}",
}
_AFTER_LOOKS = "đôn đốc khắc phục tồn tại qua phúc tra chưa đạt"  #: urged where nothing else is
_SEVERAL = "các nhiệm vụ cải cách hành chính đã quá hạn"
CHAIR = "Chủ tịch Ủy ban nhân dân"  #: where the roster gives it no name


def letter_about(  # noqa: PLR0913 -- a letter is all of these
    purpose: Purpose,
    lines: Sequence[OwedLine],
    *,
    head: Head,
    signature: Signature,
    as_of: date,
    standing_body: str = "",
    chair: str = CHAIR,
) -> OwedFacts:
    """Return a letter about these lines, its cover as it is usually written."""
    cover = Cover(
        head=head,
        sign=sign_of(FORM_OF[purpose], symbol=head.symbol),
        year=as_of.year,
        month=as_of.month,
        summary=_summary(purpose, lines),
        addressees=_addressees(purpose, lines, chair=chair),
        copies=_copies(purpose, standing_body=standing_body, chair=chair),
        archive="VT",
        signature=signature,
    )
    return OwedFacts(cover=cover, as_of=as_of, lines=tuple(lines))


def _summary(purpose: Purpose, lines: Sequence[OwedLine]) -> str:
    if purpose is Purpose.URGING and lines and all(line.failed for line in lines):
        return _AFTER_LOOKS
    owed = {line.owed for line in lines}
    return _ABOUT[purpose].format(owed.pop() if len(owed) == 1 else _SEVERAL)


def _addressees(purpose: Purpose, lines: Sequence[OwedLine], *, chair: str) -> tuple[str, ...]:
    if purpose is Purpose.LIST_TO_CHAIR:
        return (chair,)
    units = tuple(dict.fromkeys(line.unit for line in lines))
    return units if len(units) <= MOST_ADDRESSED else (ALL_LISTED,)


def _copies(purpose: Purpose, *, standing_body: str, chair: str) -> tuple[str, ...]:
    if purpose is Purpose.CRITICISM:
        return (standing_body,) if standing_body else ()
    return (f"{chair} (báo cáo)",) if purpose is Purpose.URGING else ()


def numbered(facts: Facts, *, number: str, dated: date) -> Facts:
    """Return facts of a paper that the document office has numbered and dated."""
    return replace(facts, cover=replace(facts.cover, number=number, dated=dated))


def has_longer(obligation: Obligation, *, since: datetime, now: datetime) -> bool:
    """Return whether who owes was given a further term since a moment, and that still runs: for what was late then, nobody is pressed."""
    term = obligation.party_term
    return term.written_at > since and (term.due_at is None or term.due_at > now)


def told_alike(before: OwedFacts, lines: Mapping[int, OwedLine]) -> tuple[int, ...]:
    """Return of which obligations a letter that was drafted before tells what their lines tell now: who owes what, until when."""
    told = {(line.unit, line.owed, line.due_on) for line in before.lines}
    return tuple(ident for ident, line in lines.items() if (line.unit, line.owed, line.due_on) in told)
