"""What every act about an inspection begins with: the inspection or the finding, held so that nobody else moves it meanwhile."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from evaluation.inspections.naming import unit_named
from evaluation.kinds import PartyKind, StageKind
from evaluation.obligations import State
from store.commands import moves
from store.commands.steps import decide_due
from store.findings import REMEDY, FindingFacts, read_findings
from store.lives import read_by_id
from store.locks import hold_stage, share_cycle
from store.perform import Decided, mark, perform
from store.refusals import RefusalError
from store.schema import FINDING, FINDING_STEP, INSPECTION, OBLIGATION

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection, Row

    from evaluation.obligations import Obligation
    from evaluation.plans import Inspecting
    from store.session import Store, Transaction
    from store.years import StageRef, Year


class InspectionError(RefusalError):
    """Something about an inspection or a finding cannot be so: why, and what to do."""


class NoSuchInspectionError(LookupError):
    """No inspection has that number."""

    def __init__(self, inspection: int) -> None:
        """Keep what was asked for."""
        super().__init__(f"there is no inspection {inspection}; `dondoc inspections list` lists them")


class NoSuchFindingError(LookupError):
    """No finding has that number."""

    def __init__(self, finding: object) -> None:
        """Keep what was asked for."""
        super().__init__(f"there is no finding {finding}; `dondoc inspections findings` lists them")


@dataclass(frozen=True, kw_only=True)
class HeldInspection:
    """An inspection that nobody else moves until the transaction ends."""

    year: Year
    ref: StageRef
    obligation: Obligation
    unit: int
    unit_key: str
    row: Row[Any]

    @property
    def settings(self) -> Inspecting:
        """What the plan says of it."""
        return settings_of(self.ref)


def settings_of(ref: StageRef) -> Inspecting:
    """Return what the plan says of a stage of inspections; InspectionError if it says nothing."""
    if ref.line.inspection is None:
        vi = f"kế hoạch không nêu cách kiểm tra ở công đoạn “{ref.key}”; thêm mục `inspection` vào công đoạn đó (docs/plan-format.md)"
        en = f"the plan does not say how stage “{ref.key}” inspects; add `inspection` to that stage (docs/plan-format.md)"
        raise InspectionError(vi, en, field="stage")
    return ref.line.inspection


def hold_inspection(store: Store, transaction: Transaction, inspection: int) -> HeldInspection:
    """
    Return an inspection, by the number of the team's obligation, with the row of what is known of it.

    Raises:
        NoSuchInspectionError: it is no inspection of another unit.
        NoSuchObligationError, CycleNotRunningError: there is none; its cycle is over.

    """
    year, stage, before = moves.read_held(store, transaction, inspection)
    ref = year.stages[stage]
    unit_key = unit_named(before.subject)
    unit = year.people.ids.get(unit_key)
    if ref.kind is not StageKind.INSPECTION or unit is None or unit == before.party:
        raise NoSuchInspectionError(inspection)
    return HeldInspection(
        year=year, ref=ref, obligation=before, unit=unit, unit_key=unit_key, row=_row(transaction, year, before, unit=unit)
    )


def _row(transaction: Transaction, year: Year, before: Obligation, *, unit: int) -> Row[Any]:
    """Return the row of an inspection; one that the plan raised gets its row when it is touched first."""
    query = select(INSPECTION).where(INSPECTION.c.obligation_id == before.id)
    found = transaction.connection.execute(query).one_or_none()
    if found is None:
        keep_inspection(transaction, year, obligation=before.id, unit=unit, kind="planned", chosen="hand")
        found = transaction.connection.execute(query).one()
    return found


def keep_inspection(transaction: Transaction, year: Year, *, obligation: int, unit: int, **facts: Any) -> None:  # noqa: ANN401  columns
    """Insert the row of an inspection."""
    plain = {"theme": "", "minutes": "", "minutes_text": "", "conclusions": "", "conclusions_text": ""}
    row = {"obligation_id": obligation, "authority_id": year.authority, "cycle_id": year.cycle, "unit_id": unit, **plain, **facts}
    transaction.connection.execute(insert(INSPECTION).values(row))


def change_inspection(transaction: Transaction, held: HeldInspection, *, action: str, facts: dict[str, Any], **columns: Any) -> None:  # noqa: ANN401
    """Write columns of an inspection, journaled as a move of the team's obligation: whoever saw it before must look again."""
    if columns:
        transaction.connection.execute(update(INSPECTION).where(INSPECTION.c.obligation_id == held.obligation.id).values(**columns))
    done = Decided(before=held.obligation, stage=held.ref.id, actions=(), action=action)
    mark(transaction, held.year, done, facts=facts)


def note(transaction: Transaction, year: Year, obligation: int, *, action: str, facts: dict[str, Any]) -> None:
    """Journal a fact as a move of an obligation, as it stands now."""
    before = read_by_id(transaction.connection, [obligation], lock=True)[0]
    done = Decided(before=before, stage=year.stage(before.stage).id, actions=(), action=action)
    mark(transaction, year, done, facts=facts)


def hold_finding(store: Store, transaction: Transaction, finding: int, *, asks: bool = False) -> tuple[Year, FindingFacts]:
    """
    Return a finding that nobody else moves until the transaction ends, neither its remedy nor its inspection, with its year.

    `asks`: a further remedy or finding may come of it, so that the stage of remedies is held before them, as a hand-over holds it.

    Raises:
        NoSuchFindingError: there is none.
        CycleNotRunningError: its cycle is over.

    """
    found = read_findings(transaction.connection, FINDING.c.id == finding)
    if not found:
        raise NoSuchFindingError(finding)
    if asks:
        share_cycle(transaction.connection, found[0].cycle)
        hold_stage(transaction.connection, found[0].remedy.stage)
    year, _, _ = moves.read_held(store, transaction, found[0].remedy.obligation.id)
    read_by_id(transaction.connection, [found[0].inspection], lock=True)
    return year, read_findings(transaction.connection, FINDING.c.id == finding)[0]


def finding_remedied_by(connection: Connection, obligation: int) -> int:
    """Return the finding whose remedy an obligation is, as it is owed now; InspectionError if it is none, or another is owed since."""
    step = (FINDING_STEP.c.stage_id == OBLIGATION.c.stage_id) & (FINDING_STEP.c.subject == OBLIGATION.c.subject)
    query = select(FINDING_STEP.c.finding_id).join(OBLIGATION, step)
    found = connection.execute(query.where(OBLIGATION.c.id == obligation, FINDING_STEP.c.kind == REMEDY)).scalar_one_or_none()
    if found is None:
        vi, en = f"nghĩa vụ {obligation} không phải khắc phục một tồn tại", f"obligation {obligation} is not the remedy of a finding"
        raise InspectionError(vi, en)
    (facts,) = read_findings(connection, FINDING.c.id == found)
    owed = facts.remedy.obligation.id
    if owed != obligation:
        vi = f"nghĩa vụ {obligation} không còn phải thực hiện; việc khắc phục tồn tại {facts.key} hiện nay là nghĩa vụ {owed}"
        raise InspectionError(vi, f"obligation {obligation} is owed no more; what is owed of finding {facts.key} now is {owed}")
    return int(found)


def finding_numbered(connection: Connection, inspection: int, number: int) -> int:
    """Return the finding of an inspection with that number, as its key says it; NoSuchFindingError if there is none."""
    query = select(FINDING.c.id).where(FINDING.c.inspection_id == inspection, FINDING.c.key.endswith(f"/{number}"))
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise NoSuchFindingError(number)
    return int(found)


def require_open(found: FindingFacts) -> None:
    """Raise InspectionError for a finding that is closed."""
    if found.closed_at is not None:
        vi = f"tồn tại {found.key} đã được kết thúc; phát hiện thêm thì ghi thành tồn tại mới"
        raise InspectionError(vi, f"finding {found.key} is closed; what is found now is a new finding")


def followed_in(year: Year, ref: StageRef, kind: str) -> StageRef:
    """Return the stage in which findings of a stage of inspections are followed up so; InspectionError if the plan names none."""
    key = str(getattr(settings_of(ref), kind))
    if not key:
        vi = f"kế hoạch không nêu công đoạn `{kind}` cho “{ref.key}”; thêm vào mục `inspection` của công đoạn đó"
        en = f"the plan names no stage `{kind}` for “{ref.key}”; add it to the `inspection` of that stage"
        raise InspectionError(vi, en, field="stage")
    return year.stage(key)


def finish(store: Store, transaction: Transaction, obligation: int, *, text: str = "", document: str = "") -> None:
    """Hand in the team's work with what was just recorded: opened if its day has come, prepared where the plan asks it, submitted."""
    year, stage, before = moves.read_held(store, transaction, obligation)
    if before.state is State.SCHEDULED:
        opened = decide_due(year, stage, before, now=transaction.now)
        before = perform(transaction, year, [opened])[0] if opened.actions else before
    if before.state in {State.OPEN, State.RETURNED} and year.stages[stage].line.sign_off:
        before = moves.prepare(store, transaction, obligation)
    if before.state in {State.SCHEDULED, State.OPEN, State.PREPARED, State.RETURNED, State.LAPSED}:
        moves.submit(store, transaction, obligation, text=text, document=document)


def digest(text: str) -> str:
    """Return by what the journal knows a text: its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()


def owner_on(year: Year, unit: int, *, on: date) -> int:
    """Return who answers for a unit on a date: itself, or the one successor of a unit that has ended."""
    seen = {unit}
    parties = {year.people.ids[party.key]: party for party in year.people.roster.parties}
    while not parties[unit].is_valid(on):
        heirs = [heir for heir in year.people.successors.get(unit, ()) if heir not in seen]
        if len(heirs) != 1:
            break
        unit = heirs[0]
        seen.add(unit)
    return unit


def require_unit(year: Year, key: str, *, on: date) -> int:
    """Return the id of a unit that exists on a date; InspectionError if it cannot be inspected."""
    party = next((one for one in year.people.roster.parties if one.key == key), None)
    if party is None or party.kind is not PartyKind.UNIT or not party.is_valid(on):
        vi, en = f"không có đơn vị “{key}” vào ngày {on:%d/%m/%Y}; xem danh sách đơn vị", f"there is no unit “{key}” on {on}"
        raise InspectionError(vi, f"{en}; see the list of units", field="unit")
    return year.people.ids[key]


def same_subject(transaction: Transaction, ref: StageRef, *, party: int, subject: str) -> int | None:
    """Return the obligation that a party has in a stage about something; None if it has none."""
    query = select(OBLIGATION.c.id).where(OBLIGATION.c.stage_id == ref.id, OBLIGATION.c.party_id == party, OBLIGATION.c.subject == subject)
    found: int | None = transaction.connection.execute(query).scalar_one_or_none()
    return found
