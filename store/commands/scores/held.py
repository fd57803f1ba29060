"""
What every act on a sheet begins and ends with: the obligation held, the sheet read, each change kept with who, when, old, new and why.

A save names the version of the leaf that its typist saw: whoever is overtaken is told, and nothing of theirs is written over the other's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.scores.filling import Act
from evaluation.scores.rows import LONGEST
from store.commands import moves
from store.refusals import RefusalError
from store.score_changes import HeldSheet
from store.score_refusals import StaleLeafError
from store.scores import read_sheet, sheet_party

if TYPE_CHECKING:
    from evaluation.kinds import StageKind
    from store.scores import UnitSheet
    from store.session import Store, Transaction


class SheetError(RefusalError):
    """A sheet is not worked on so: why, and what to do."""


def hold_sheet(store: Store, transaction: Transaction, obligation: int, *, kinds: frozenset[StageKind]) -> HeldSheet:
    """
    Return the sheet that an obligation of one of these kinds is about.

    Raises:
        NoSuchObligationError, CycleNotRunningError: there is none; its cycle is over.
        SheetError: it is of another kind, or about no sheet.

    """
    year, stage, before = moves.read_held(store, transaction, obligation)
    ref = year.stages[stage]
    party = sheet_party(year, ref, party=before.party, subject=before.subject)
    unit = None if party is None else read_sheet(store, transaction.connection, year, party)
    if unit is None:
        raise no_sheet()
    if ref.kind not in kinds:
        vi = f"việc này không làm ở công đoạn “{ref.line.title}”; mở đúng nghĩa vụ của công đoạn đó"
        raise SheetError(vi, f"that is not done in the stage “{ref.line.title_en}”; open the obligation of the right stage")
    return HeldSheet(year=year, ref=ref, obligation=before, unit=unit)


def no_sheet() -> SheetError:
    """Return why there is nothing to score."""
    vi = "nghĩa vụ này không có phiếu chấm điểm: kế hoạch không lấy mục từ bộ tiêu chí, hoặc chưa ghim bộ tiêu chí cho nhóm của đơn vị"
    en = "the obligation has no sheet: the plan takes no items from the criteria, or no criteria set is pinned for the unit's group"
    return SheetError(vi, en)


def require_seen(unit: UnitSheet, node: str, seen: int) -> None:
    """Raise StaleLeafError unless a leaf is as its typist saw it."""
    if unit.version(node) != seen:
        raise StaleLeafError(node, version=unit.version(node))


def require_short(text: str, *, node: str) -> str:
    """Return a text without spaces around it; SheetError where it is too long or has a null character."""
    if len(text) > LONGEST or "\x00" in text:
        vi = f"{node}: nội dung dài {len(text)} ký tự hoặc có ký tự rỗng; nhiều nhất {LONGEST}, phần còn lại đưa vào tệp"
        raise SheetError(
            vi, f"{node}: the text has {len(text)} characters or a null; at most {LONGEST}, put the rest into a file", field=node
        )
    return text.strip()


def act_of(transaction: Transaction, *, why: str = "") -> Act:
    """Return who acts, when and why."""
    return Act(by=transaction.actor.who, at=transaction.now, why=why)
