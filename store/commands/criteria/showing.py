"""The criteria of a demo: the shipped sets that its plan names, with leads as is customary, each marked as an example."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from config.criteria_files import find_criteria, read_criteria
from evaluation.criteria.sets import Decision, Lead, with_leads
from store.commands.criteria.versions import take_in
from store.queries.criteria import party_keys_of

if TYPE_CHECKING:
    from datetime import date

    from evaluation.plans import Plan
    from store.session import Transaction

DEMO_INDEX = "nghe-an-3323-so"  #: the set of which last year's results are shown
#: Who leads which of the seven fields (customary, domain §3).
LEADS = {
    "1": "so-noi-vu",
    "2": "so-tu-phap",
    "3": "van-phong-ubnd",
    "4": "so-noi-vu",
    "5": "so-noi-vu",
    "6": "so-tai-chinh",
    "7": "so-khoa-hoc-cong-nghe",
}


def example_criteria(transaction: Transaction, authority: int, *, plan: Plan, dated: date, issuer: str = "UBND tỉnh") -> None:
    """Take in the shipped sets that a plan names, each under a number that says that it is an example; its launch pins them."""
    known = party_keys_of(transaction.connection, authority)
    leads: dict[str, tuple[Lead, ...]] = {node: (Lead(party=party),) for node, party in LEADS.items() if party in known}
    for number, key in enumerate(dict.fromkeys(plan.criteria.values()), start=1):
        read = read_criteria(find_criteria(key))
        own = leads if len(read.criteria.fields) == len(LEADS) else {}
        decision = Decision(number=f"{number:02}/QĐ-UBND (ví dụ)", dated=dated, issuer=issuer)
        take_in(transaction, authority, replace(read, criteria=with_leads(read.criteria, own)), decision=decision)
