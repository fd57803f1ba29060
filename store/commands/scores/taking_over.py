"""Taking over: a successor takes into its own empty leaves what a predecessor had scored, with its files; by a person, never by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.kinds import StageKind
from evaluation.scores.succession import taken_over
from store.commands.evidence import attach
from store.commands.scores.held import SheetError, act_of, hold_sheet
from store.commands.scores.scoring import SELF, require_in_hand
from store.files import KeptFile
from store.predecessors import sheets_before
from store.schema import EVIDENCE, EVIDENCE_FILE, OBLIGATION, STAGE
from store.score_changes import keep
from store.score_refusals import refusing

if TYPE_CHECKING:
    from collections.abc import Collection

    from store.score_changes import HeldSheet
    from store.scores import UnitSheet
    from store.session import Store, Transaction


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What was taken over."""

    unit: str  #: key of the predecessor
    nodes: tuple[str, ...]
    left: tuple[str, ...]  #: scored by the predecessor and not taken
    files: int


def take_over(store: Store, transaction: Transaction, obligation: int, unit: str) -> Taken:
    """
    Take a predecessor's own scores, explanations and files into the leaves of a self-assessment that nobody has scored yet.

    Raises:
        NoSuchObligationError, CycleNotRunningError: there is none; its cycle is over.
        SheetError: no sheet, or not in the unit's hands; the unit named is no predecessor; there is nothing to take over.

    """
    held = hold_sheet(store, transaction, obligation, kinds=SELF)
    require_in_hand(held)
    source = _named(held, sheets_before(store, transaction.connection, held.year, held.unit.party), unit)
    with refusing():
        taken = taken_over(held.sheet, source.sheet, act=act_of(transaction, why=f"tiếp nhận từ {unit}"))
    if not taken.nodes:
        vi = f"không mục nào của “{unit}” tiếp nhận được: đã tự chấm, được miễn, hoặc bộ tiêu chí chấm mục đó khác"
        raise SheetError(vi, f"no leaf of “{unit}” can be taken over: scored already, exempt, or scored in another way", field="unit")
    keep(transaction, held, taken.sheet, action="take-over-scores", facts={"from": source.party})
    files = _take_files(store, transaction, obligation, source, nodes=taken.nodes)
    return Taken(unit=unit, nodes=taken.nodes, left=taken.left, files=files)


def _named(held: HeldSheet, sources: Collection[UnitSheet], unit: str) -> UnitSheet:
    found = next((one for one in sources if one.sheet.scope.unit == unit), None)
    if found is None:
        known = ", ".join(one.sheet.scope.unit for one in sources)
        vi = f"“{unit}” không chuyển giao phiếu tự chấm nào cho {held.sheet.scope.unit}; có: {known or 'không đơn vị nào'}"
        raise SheetError(vi, f"“{unit}” passed no scored sheet on to {held.sheet.scope.unit}; there are: {known or 'none'}", field="unit")
    return found


def _take_files(store: Store, transaction: Transaction, obligation: int, source: UnitSheet, *, nodes: Collection[str]) -> int:
    """Make the predecessor's files of some leaves evidence of the successor's too; return how many."""
    query = (
        select(EVIDENCE.c.item, EVIDENCE.c.name, EVIDENCE_FILE)
        .join(EVIDENCE_FILE, EVIDENCE_FILE.c.sha256 == EVIDENCE.c.sha256)
        .join(OBLIGATION, OBLIGATION.c.id == EVIDENCE.c.obligation_id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .where(OBLIGATION.c.cycle_id == source.cycle, OBLIGATION.c.party_id == source.party, EVIDENCE.c.withdrawn_at.is_(None))
        .where(STAGE.c.kind == StageKind.SELF_ASSESSMENT.value, EVIDENCE.c.item.in_(nodes))
        .order_by(EVIDENCE.c.id)
    )
    rows = transaction.connection.execute(query).all()
    for row in rows:
        file = KeptFile(sha256=row.sha256, size=row.size, media_type=row.media_type, name=row.name)
        attach(store, transaction, obligation, file=file, item=row.item)
    return len(rows)
