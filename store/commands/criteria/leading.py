"""Leads of criteria: who leads a node, and what is under it, from a day on; a lead may change inside a cycle (domain §10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.criteria.sets import step_named
from store.commands.criteria.versions import CriteriaRefusedError, add_leads
from store.criteria import load_criteria
from store.journal import Entry
from store.locks import hold_authority
from store.queries.criteria import version_named

if TYPE_CHECKING:
    from evaluation.actions import Remark
    from evaluation.criteria.sets import Lead
    from store.queries.criteria import VersionLine
    from store.session import Store, Transaction


def name_lead(  # noqa: PLR0913 -- of which set, where, who
    store: Store, transaction: Transaction, authority: int, name: str, *, node: str, lead: Lead, remark: Remark
) -> VersionLine:
    """
    Name who leads a node of a set from a day to a day; where it held already by somebody else, the new one counts from then on.

    Raises:
        CriteriaRefusedError: the set has no such node, the authority no such party, or the days are the wrong way round.
        NoSuchCriteriaError: there is no such set.

    """
    hold_authority(transaction.connection, authority)
    version = version_named(transaction.connection, authority, name)
    if step_named(load_criteria(store, transaction.connection, version.id), node) is None:
        vi = f"bộ tiêu chí “{version.key}” không có mục “{node}”"
        raise CriteriaRefusedError(vi, f"the criteria set “{version.key}” has no node “{node}”", field="node")
    if lead.from_on is not None and lead.to_on is not None and lead.to_on < lead.from_on:
        vi = f"ngày cuối {lead.to_on:%d/%m/%Y} trước ngày đầu {lead.from_on:%d/%m/%Y}"
        raise CriteriaRefusedError(vi, f"the last day {lead.to_on} lies before the first day {lead.from_on}", field="to")
    added = add_leads(transaction, authority, version.set_id, {node: (lead,)})
    if added:
        payload = {"set": version.set_id, "key": version.key, "leads": added, "reason": remark.reason, "basis": remark.basis}
        transaction.entries.append(Entry(authority=authority, action="lead-criteria", payload=payload))
    return version
