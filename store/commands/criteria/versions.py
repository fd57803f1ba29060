"""Versions of criteria sets: a draft is replaced until a decision publishes it; what is published is corrected by a version of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from evaluation.criteria.checks import findings_of
from evaluation.criteria.sets import Decision, leads_by_node, with_leads
from store.criteria import content_of, digest_of, leads_of, load_criteria
from store.journal import Entry
from store.locks import hold_authority
from store.queries.criteria import DRAFT, PUBLISHED, VersionLine, party_keys_of, version_named, versions_of
from store.refusals import RefusalError
from store.schema import CRITERIA_LEAD, CRITERIA_SET, CRITERIA_VERSION

if TYPE_CHECKING:
    from datetime import date

    from config.criteria_files import ReadCriteria
    from evaluation.criteria.sets import CriteriaSet, Lead
    from store.session import Store, Transaction


class CriteriaRefusedError(RefusalError):
    """A criteria set cannot be taken, corrected, led or pinned so: why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Copy:
    """How a copy differs from what it is a copy of: only in its name until it is worked over."""

    key: str
    title: str = ""
    year: int | None = None


@dataclass(frozen=True, kw_only=True)
class _Written:
    """A version about to be written."""

    number: int
    criteria: CriteriaSet
    accepted: str = ""
    reason: str = ""


def take_in(
    transaction: Transaction, authority: int, read: ReadCriteria, *, accept: str = "", decision: Decision | None = None
) -> VersionLine:
    """
    Keep a set that was read from a file, and return its version: a draft until number and date of its decision are known.

    A draft of the same key is replaced with its leads. What does not add up needs a reason, which is kept with the version.

    Raises:
        CriteriaError: it does not add up, and no reason is given.
        CriteriaRefusedError: the set is published: a correction is a further version.

    """
    read.require_sums(accept)
    hold_authority(transaction.connection, authority)
    criteria = read.criteria if decision is None else replace(read.criteria, decision=decision)
    known = versions_of(transaction.connection, authority, key=criteria.key)
    if known and known[0].state == PUBLISHED:
        vi = f"bộ tiêu chí “{criteria.key}” đã ban hành ({known[0].decision}); muốn sửa thì đính chính, hoặc đặt mã khác"
        en = f"the criteria set “{criteria.key}” is published ({known[0].decision}); correct it, or choose another key"
        raise CriteriaRefusedError(vi, en)
    accepted = accept.strip() if read.findings else ""
    return _write(transaction, authority, _Written(number=1, criteria=criteria, accepted=accepted), draft=known[0] if known else None)


def correct(  # noqa: PLR0913 -- the file, what it rests on, and why
    transaction: Transaction, authority: int, read: ReadCriteria, *, decision: Decision, reason: str = "", accept: str = ""
) -> VersionLine:
    """
    Keep a correction (đính chính) of a published set as its next version, under number and date of the correcting decision.

    Leads that the file adds are added; those that there are stay.

    Raises:
        CriteriaError: it does not add up, and no reason is given for taking it so.
        CriteriaRefusedError: nothing is published to be corrected, nothing is different, or the decision has no number or date.
        NoSuchCriteriaError: there is no such set.

    """
    read.require_sums(accept)
    hold_authority(transaction.connection, authority)
    if not decision.is_complete:
        vi, en = "thiếu số, ngày của quyết định đính chính", "number and date of the correcting decision are missing"
        raise CriteriaRefusedError(vi, en)
    newest = version_named(transaction.connection, authority, read.criteria.key)
    if newest.state != PUBLISHED:
        vi = f"“{newest.key}” còn là dự thảo; nhập lại tệp thay cho đính chính"
        raise CriteriaRefusedError(vi, f"“{newest.key}” is a draft; take the file in again instead of correcting it")
    issuer = decision.issuer or read.criteria.decision.issuer
    corrected = replace(read.criteria, decision=replace(decision, issuer=issuer))
    stored = transaction.connection.execute(select(CRITERIA_VERSION.c.content).where(CRITERIA_VERSION.c.id == newest.id)).scalar_one()
    if content_of(replace(corrected, decision=Decision())) == content_of(_undecided(stored)):
        vi = f"tệp không khác gì phiên bản {newest.number} của “{newest.key}”"
        raise CriteriaRefusedError(vi, f"the file says nothing else than version {newest.number} of “{newest.key}”")
    accepted = accept.strip() if read.findings else ""
    written = _Written(number=newest.number + 1, criteria=corrected, accepted=accepted, reason=reason.strip())
    return _write(transaction, authority, written)


def _undecided(content: str) -> CriteriaSet:
    import orjson  # noqa: PLC0415  asked for here alone

    from config.criteria_records import build_criteria  # noqa: PLC0415  the same

    return replace(build_criteria(orjson.loads(content)), decision=Decision())


def copy(  # noqa: PLR0913 -- from what, to what, as of when
    store: Store, transaction: Transaction, authority: int, source: str, *, to: Copy, today: date
) -> VersionLine:
    """
    Keep a copy of a version as a new draft, with the leads that have not ended, and return it.

    Raises:
        CriteriaRefusedError: the key is taken.
        NoSuchCriteriaError: there is nothing of that name to copy.

    """
    hold_authority(transaction.connection, authority)
    version = version_named(transaction.connection, authority, source)
    if versions_of(transaction.connection, authority, key=to.key):
        vi = f"đã có bộ tiêu chí “{to.key}”; đặt mã khác cho bản sao"
        raise CriteriaRefusedError(vi, f"there is a criteria set “{to.key}” already; give the copy another key")
    before = load_criteria(store, transaction.connection, version.id)
    live = {
        node: kept
        for node, leads in leads_by_node(before).items()
        if (kept := tuple(one for one in leads if one.to_on is None or one.to_on >= today))
    }
    copied = replace(before, key=to.key, title=to.title or before.title, year=to.year or before.year, decision=Decision())
    accepted = version.accepted if findings_of(copied) else ""
    return _write(transaction, authority, _Written(number=1, criteria=with_leads(copied, live), accepted=accepted))


def _write(transaction: Transaction, authority: int, written: _Written, *, draft: VersionLine | None = None) -> VersionLine:
    connection, criteria = transaction.connection, written.criteria
    set_id = _set_id(transaction, authority, criteria.key)
    content = content_of(criteria)
    row = {
        "set_id": set_id,
        "number": written.number,
        "state": PUBLISHED if criteria.decision.is_complete else DRAFT,
        "title": criteria.title,
        "content": content,
        "sha256": digest_of(content),
        "decision": criteria.decision.number,
        "decided_on": criteria.decision.dated,
        "accepted": written.accepted,
        "reason": written.reason,
        "entered_at": transaction.now,
        "contact_id": transaction.actor.contact,
    }
    if draft is None:
        connection.execute(insert(CRITERIA_VERSION), row)
    else:
        connection.execute(delete(CRITERIA_LEAD).where(CRITERIA_LEAD.c.set_id == set_id))
        connection.execute(update(CRITERIA_VERSION).where(CRITERIA_VERSION.c.id == draft.id).values(row))
    leads = add_leads(transaction, authority, set_id, leads_by_node(criteria))
    payload = {
        "set": set_id,
        "key": criteria.key,
        "number": written.number,
        "state": row["state"],
        "sha256": row["sha256"],
        "decision": criteria.decision.number,
        "leads": leads,
        **({"reason": written.reason or written.accepted} if written.reason or written.accepted else {}),
    }
    action = "import-criteria" if written.number == 1 else "correct-criteria"
    transaction.entries.append(Entry(authority=authority, action=action, payload=payload))
    return version_named(connection, authority, f"{criteria.key}/{written.number}")


def _set_id(transaction: Transaction, authority: int, key: str) -> int:
    wanted = (CRITERIA_SET.c.authority_id == authority) & (CRITERIA_SET.c.key == key)
    known = transaction.connection.execute(select(CRITERIA_SET.c.id).where(wanted)).scalar_one_or_none()
    if known is not None:
        return int(known)
    row = {"authority_id": authority, "key": key}
    return int(transaction.connection.execute(insert(CRITERIA_SET).returning(CRITERIA_SET.c.id), row).scalar_one())


def add_leads(transaction: Transaction, authority: int, set_id: int, leads: dict[str, tuple[Lead, ...]]) -> list[list[object]]:
    """Keep the leads that are not there yet; return them as the journal has them."""
    there, parties = leads_of(transaction.connection, set_id), party_keys_of(transaction.connection, authority)
    new = [(node, lead) for node, some in leads.items() for lead in some if lead not in there.get(node, ())]
    if strange := sorted({lead.party for _, lead in new} - parties.keys()):
        vi = f"không có đơn vị “{', '.join(strange)}” để chủ trì; `dondoc units list` liệt kê"
        raise CriteriaRefusedError(vi, f"there is no party “{', '.join(strange)}” to lead; `dondoc units list` names them")
    rows = [
        {
            "set_id": set_id,
            "node": node,
            "party_id": parties[lead.party],
            "from_on": lead.from_on,
            "to_on": lead.to_on,
            "entered_at": transaction.now,
        }
        for node, lead in new
    ]
    if rows:
        transaction.connection.execute(insert(CRITERIA_LEAD), rows)
    return [lead_facts(node, parties[lead.party], lead.from_on, lead.to_on) for node, lead in new]


def lead_facts(node: object, party: object, from_on: date | None, to_on: date | None) -> list[object]:
    """Return a lead as the journal has it: node, id of the party, first and last day."""
    return [node, party, from_on.isoformat() if from_on else "", to_on.isoformat() if to_on else ""]
