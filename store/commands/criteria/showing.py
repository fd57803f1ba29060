"""The criteria of a demo: two shipped examples, with leads as is customary, pinned for the unit groups that they are for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from config.criteria_files import find_criteria, read_criteria
from evaluation.actions import Remark
from evaluation.criteria.sets import Decision, Lead, with_leads
from store.commands.criteria.pinning import pin
from store.commands.criteria.versions import take_in
from store.queries.criteria import party_keys_of, unit_groups
from store.queries.people import authority_of_cycle

if TYPE_CHECKING:
    from datetime import date

    from store.session import Store, Transaction

#: Shipped set → the unit group that it is pinned for.
SETS = {"nghe-an-3323-so": "so-ban-nganh", "vi-du-xa": "ubnd-xa"}
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


def demo_criteria(transaction: Transaction, authority: int, *, dated: date) -> None:
    """Take the demo's sets in, each under a number that says that it is an example."""
    known = party_keys_of(transaction.connection, authority)
    leads: dict[str, tuple[Lead, ...]] = {node: (Lead(party=party),) for node, party in LEADS.items() if party in known}
    for number, key in enumerate(SETS, start=1):
        read = read_criteria(find_criteria(key))
        decision = Decision(number=f"{number:02}/QĐ-UBND (ví dụ)", dated=dated, issuer="UBND tỉnh")
        take_in(transaction, authority, replace(read, criteria=with_leads(read.criteria, leads)), decision=decision)


def pin_demo_criteria(store: Store, transaction: Transaction, cycle: int) -> None:
    """Pin the demo's sets for a cycle, as far as there are units for them."""
    authority = authority_of_cycle(transaction.connection, cycle).id
    for key, group in SETS.items():
        if group in unit_groups(transaction.connection, authority):
            pin(store, transaction, cycle, group=group, name=key, remark=Remark())
