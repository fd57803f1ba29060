"""Forms of the council's page: members and recommendations line by line, and everybody named as people call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.console.catalogues import N_
from api.console.choosing import Choices, as_keys, lists_for
from api.console.deed import Blank
from api.wire.council import MOST_MEMBERS
from store.queries.names import party_of_obligation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.console.visiting import Visitor
    from store.queries.council_lines import CouncilView
    from store.queries.health import View

#: So many empty lines are shown behind those that are filled in, and at least so many lines of members.
SPARE, LEAST_MEMBERS = 3, 7
UNIT = Blank(name="unit", label=N_("Về đơn vị"), kind="named", among="units")
BLANKS = (
    Blank(name="decision", label=N_("Số, ngày quyết định thành lập Hội đồng")),
    Blank(name="members", label=N_("Thành viên")),
    Blank(name="held_on", label=N_("Ngày họp")),
    Blank(name="votes_by", label=N_("Thành viên tự biểu quyết đến hết ngày (để trống: không nhắc)")),
    Blank(name="scores", label=N_("Điểm chính thức, mỗi dòng một mục: số của mục | điểm")),
    Blank(name="recommendations", label=N_("Kiến nghị")),
    UNIT,
)
_CONTACT, _TO = Blank(name="contact", label="", kind="named", among="people"), Blank(name="to", label="", kind="named", among="parties")
#: By the start and the end of a field's name: whom one names in it.
_NAMED = {("m", "contact"): _CONTACT, ("m", "unit"): UNIT, ("r", "to"): _TO, ("unit", "unit"): UNIT}


def lists_of(visitor: Visitor, connection: View, council: int, *, may_run: bool, may_vote: bool) -> dict[str, Choices]:
    """Return whom one may name: members the units, who runs the council also people and bodies; nobody else anybody."""
    whose = party_of_obligation(connection, council)
    blanks = (UNIT, _CONTACT, _TO) if may_run else (UNIT,) if may_vote else ()
    return {} if whose is None else lists_for(visitor, connection, blanks, authority=whose[0])


def with_keys(given: Mapping[str, str], lists: Mapping[str, Choices]) -> dict[str, str]:
    """Return what a form says with keys in the place of names; RequestValidationError where nobody is called so."""
    places = {name: _NAMED.get((name.partition(":")[0], name.rpartition(":")[2])) for name in given}
    return as_keys(given, {name: lists[blank.among] for name, blank in places.items() if blank is not None and blank.among in lists})


def rows_of(given: Mapping[str, str], letter: str) -> list[dict[str, str]]:
    """Return the lines that a form holds: fields called `letter:line:name`; a line of which nothing is filled in is none."""
    return [row for row in _typed(given, letter) if row.keys() - {"post"}]


def _typed(given: Mapping[str, str], letter: str) -> list[dict[str, str]]:
    """Return the lines of a form each in its place, so that what is said of one stands beside it; what was left empty is empty."""
    found: dict[int, dict[str, str]] = {}
    for place, value in given.items():
        start, line, name = (*place.split(":"), "", "")[:3]
        if start == letter and line.isdecimal() and value.strip():
            found.setdefault(int(line), {})[name] = value
    last = max(found, default=-1)
    return [found.get(line, {}) for line in (range(last + 1) if last < MOST_MEMBERS else sorted(found))]


def member_rows(view: CouncilView, typed: Mapping[str, str] | None, lists: Mapping[str, Choices]) -> list[dict[str, str]]:
    """
    Return the lines of members as the form shows them: as they were written, or as they stand; and empty ones.

    Who can be named no more, as one who has left the post, stands by name.
    """

    def there(among: str, key: str, name: str) -> str:
        return key if among in lists and key in lists[among].names else name

    stand = [
        {"contact": there("people", one.contact, one.name), "post": one.post, "unit": there("units", one.unit, one.unit_name)}
        for one in view.members
    ]
    filled = stand if typed is None else _typed(typed, "m")
    return _padded(filled, least=LEAST_MEMBERS)


def recommendation_rows(typed: Mapping[str, str] | None) -> list[dict[str, str]]:
    """Return the lines of recommendations as the form shows them."""
    return _padded([] if typed is None else _typed(typed, "r"), least=SPARE)


def _padded(rows: list[dict[str, str]], *, least: int) -> list[dict[str, str]]:
    empty: dict[str, Any] = {}
    return [*rows, *[empty] * max(SPARE, least - len(rows))]
