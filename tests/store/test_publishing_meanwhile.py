"""A publication while others work: what was worked out is what stands when it is published, or nothing is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from evaluation.actions import Remark
from evaluation.criteria.sets import Decision
from store.commands.replanning import Change, replan
from store.commands.results import publishing
from store.commands.results.exempting import exempt
from store.commands.results.held import ResultsError
from store.commands.results.publishing import Order, prepare, publish
from store.queries.editions import bundle_of_edition, list_published
from store.results import parts_of
from store.score_refusals import SheetFaultsError
from store.verify import verify
from tests.conftest import SMALL_PLAN, SmallYear
from tests.store.resulting import pin_small, score

if TYPE_CHECKING:
    from collections.abc import Callable

DECIDED = Order(decision=Decision(number="617/QĐ-UBND", dated=date(2025, 1, 6)))
WHOLE = {unit: dict.fromkeys(("1.1", "1.2", "2"), ("9", points, None)) for unit, points in (("xa-1", "8"), ("xa-2", "7"))}
HIGHER = {"xa-2": {"2": ("9", "9", None)}}
WHY = Remark(reason="Không có chức năng", basis="CV 12/SNV")


@pytest.fixture
def now(any_year: SmallYear) -> datetime:
    """The day on which everything is appraised."""
    now = any_year.slot(date(2025, 1, 6))
    pin_small(any_year.store, any_year.cycle, now=now)
    score(any_year.store, any_year.cycle, WHOLE, now=now)
    return now


def published(year: SmallYear, prepared: publishing.Prepared, *, now: datetime) -> publishing.Published:
    with year.store.transaction(now=now) as transaction:
        return publish(year.store, transaction, year.cycle, prepared=prepared)


def test_a_score_that_changes_while_the_bundle_is_worked_out_is_not_passed_over(
    any_year: SmallYear, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_and_overtaken(*args: Any, **facts: Any) -> Any:
        found = parts_of(*args, **facts)
        score(any_year.store, any_year.cycle, HIGHER, now=now)
        return found

    monkeypatch.setattr(publishing, "parts_of", read_and_overtaken)
    prepared = prepare(any_year.store, any_year.cycle, DECIDED, now=now)
    with pytest.raises(ResultsError, match="changed meanwhile"):
        published(any_year, prepared, now=now)


def test_another_plan_meanwhile_refuses_the_publication(any_year: SmallYear, now: datetime) -> None:
    prepared = prepare(any_year.store, any_year.cycle, DECIDED, now=now)
    later = SMALL_PLAN.read_text(encoding="utf-8").replace("due: {by: Y-01-31}", "due: {by: Y-02-14}")
    with any_year.store.transaction(now=now) as transaction:
        replan(any_year.store, transaction, any_year.cycle, change=Change(yaml=later), remark=WHY)
    with pytest.raises(ResultsError, match="changed meanwhile"):
        published(any_year, prepared, now=now)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each of them got, or the refusal that it met; all begin together."""
    start = Barrier(len(acts))

    def met(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except (ResultsError, SheetFaultsError) as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(met, acts))


def test_of_two_who_publish_at_once_one_does(any_year: SmallYear, now: datetime) -> None:
    prepared = prepare(any_year.store, any_year.cycle, DECIDED, now=now)
    found = at_once(*[lambda: published(any_year, prepared, now=now)] * 4)
    assert sum(isinstance(one, publishing.Published) for one in found) == 1, found
    with any_year.store.reading() as connection:
        (line,) = list_published(connection)
    assert verify(any_year.store) == []
    assert line.sha256 == prepared.sha256


def test_an_exemption_at_the_moment_of_publication_is_in_the_bundle_or_refuses_it(any_year: SmallYear, now: datetime) -> None:
    prepared = prepare(any_year.store, any_year.cycle, DECIDED, now=now)

    def exempted() -> object:
        with any_year.store.transaction(now=now) as transaction:
            return exempt(any_year.store, transaction, any_year.cycle, unit="xa-1", node="2", remark=WHY)

    done, _ = at_once(lambda: published(any_year, prepared, now=now), exempted)
    with any_year.store.reading() as connection:
        lines = list_published(connection)
        bundles = [bundle_of_edition(connection, one.id) for one in lines]
    assert verify(any_year.store) == []
    assert isinstance(done, ResultsError if not lines else publishing.Published)
    assert [unit["exemptions"] for bundle in bundles for unit in bundle["units"]] in ([], [[], []])
