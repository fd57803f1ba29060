"""The form of the council's members: they stand by name, whoever may still be chosen."""

from __future__ import annotations

from datetime import UTC, datetime

from api.console.choosing import Choices
from api.console.council_forms import member_rows
from evaluation.scores.rules import CouncilRules
from store.queries.council_lines import CouncilView, MemberLine


def member(contact: str, name: str, unit: str, unit_name: str) -> MemberLine:
    at = datetime(2025, 1, 10, tzinfo=UTC)
    return MemberLine(contact=contact, name=name, post="member", unit=unit, unit_name=unit_name, decision="12/QĐ", named_at=at)


def test_who_can_be_named_no_more_stands_by_name_not_by_key() -> None:
    there, gone = member("head.xa-1", "Bà Hai", "xa-1", "Xã Một"), member("hoi-dong-head", "Ông Ba", "hoi-dong", "Hội đồng thẩm định")
    view = CouncilView(id=1, cycle=1, party="Hội đồng", state="open", moves=0, rules=CouncilRules(), members=(there, gone), sessions=())
    lists = {"people": Choices(names={"head.xa-1": "Bà Hai, Lãnh đạo, Xã Một"}), "units": Choices(names={"xa-1": "Xã Một"})}
    rows = [(one["contact"], one["unit"]) for one in member_rows(view, None, lists) if one]
    assert rows == [("head.xa-1", "xa-1"), ("Ông Ba", "Hội đồng thẩm định")]
