"""Small criteria sets that the tests of scores share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from evaluation.criteria.sets import CriteriaSet, Method, Node, Scoring
from evaluation.scores.exemptions import Exemption, Scope

CYCLE = "2022"


def make_leaf(key: str, maximum: str = "10", method: Method = Method.POINTS, **changes: Any) -> Node:
    scoring = Scoring(method=method, floor=Decimal(-5) if method is Method.BONUS else None)
    return Node(**{"key": key, "title": f"Tiêu chí {key}", "maximum": Decimal(maximum), "scoring": scoring, **changes})


def make_set(*fields: Node, **changes: Any) -> CriteriaSet:
    return CriteriaSet(**{"key": "thu", "title": "Thử", "fields": fields, **changes})


#: Two fields of 40 and 30 points; a survey of 30; a bonus of 5. A criterion with sub-criteria and one without.
UNEVEN = make_set(
    Node(
        key="1",
        title="Chỉ đạo điều hành",
        maximum=Decimal(40),
        children=(
            Node(key="1.1", title="Kế hoạch", maximum=Decimal(30), children=(make_leaf("1.1.1", "20"), make_leaf("1.1.2"))),
            make_leaf("1.2"),
        ),
    ),
    Node(key="2", title="Thể chế", maximum=Decimal(30), children=(make_leaf("2.1", "15"), make_leaf("2.2", "15"))),
    make_leaf("3", "30", Method.SURVEY),
    make_leaf("4", "5", Method.BONUS),
)
FULL = {"1.1.1": Decimal(18), "1.1.2": Decimal(9), "1.2": Decimal(8), "2.1": Decimal("13.5"), "2.2": Decimal(12), "3": Decimal("24.75")}


def make_scope(unit: str = "so-noi-vu", *exempt: str, **changes: Any) -> Scope:
    given = tuple(Exemption(cycle=CYCLE, unit=unit, node=node, reason="Không có chức năng", approver="chu-tich") for node in exempt)
    return Scope(**{"cycle": CYCLE, "unit": unit, "criteria": UNEVEN, "exemptions": given, **changes})
