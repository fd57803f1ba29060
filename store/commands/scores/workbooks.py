"""A unit's sheet filled in away from the system: what comes back is compared with what is there, and all of it is taken or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.scores.rows import fill_in, rows_of
from store.commands.scores.held import SheetError, act_of, hold_sheet
from store.commands.scores.scoring import SELF, require_in_hand
from store.queries.score_sight import as_seen, hidden_leaves
from store.score_changes import keep
from store.score_refusals import refusing
from store.score_rounds import require_given_back
from store.scores import digest_as_it_stands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evaluation.rights import ActorFacts
    from evaluation.scores.rows import SheetRow
    from evaluation.scores.sheets import Sheet
    from store.scores import UnitSheet
    from store.session import Store, Transaction

_STAMP = 16  #: hexadecimal digits of what tells one state of a sheet from another


def stamp_of(unit: UnitSheet) -> str:
    """Return what tells this state of a sheet from every other: it goes out with the workbook and comes back with it."""
    return digest_as_it_stands(unit)[:_STAMP]


def sheet_with_names(sheet: Sheet, files: Mapping[str, tuple[str, ...]]) -> Sheet:
    """Return a sheet as a workbook shows it: evidence by the names of its files."""
    return replace(sheet, entries={node: replace(entry, evidence=files.get(node, ())) for node, entry in sheet.entries.items()})


def take_workbook(  # noqa: PLR0913  whose, what it says, of which state, as who saw it
    store: Store,
    transaction: Transaction,
    obligation: int,
    rows: Mapping[str, SheetRow],
    *,
    stamp: str,
    viewer: ActorFacts | None = None,
) -> dict[str, int]:
    """
    Save what the rows of a unit's workbook say otherwise, all or nothing, and return the new versions of the leaves changed.

    An empty score takes none away. Files are not sent so: what the workbook says of evidence is for people to read. `viewer` filled it in
    and was not told what appraisers gave to some leaves (`store.queries.score_sight`); without one everything was.

    Raises:
        SheetError: it has no sheet, is not in the unit's hands, or the sheet was changed since the workbook was made.
        SheetFaultsError: a row cannot be taken; each fault with its leaf.

    """
    held = hold_sheet(store, transaction, obligation, kinds=SELF)
    require_in_hand(held)
    if stamp != stamp_of(held.unit):
        vi = "phiếu đã được sửa từ khi tải tệp này; tải tệp mới rồi điền lại, nội dung trên hệ thống không bị ghi đè"
        en = "the sheet was changed since this workbook was made; fetch a new one and fill that in, nothing is written over"
        raise SheetError(vi, en, field="stamp")
    own = rows_of(held.sheet)
    said = {node: replace(row, evidence=own[node].evidence) if node in own else row for node, row in rows.items()}
    hidden = hidden_leaves(store, transaction.connection, held.year, held.unit, viewer=viewer, now=transaction.now)
    with refusing():
        after = fill_in(held.sheet, said, act=act_of(transaction), seen=as_seen(held.unit, hidden).sheet)
    changed = [node for node in after.entries if after.entry(node) != held.sheet.entry(node)]
    require_given_back(transaction.connection, held.unit, held.obligation, changed)
    return keep(transaction, held, after, action="score")
