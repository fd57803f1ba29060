"""Who is told of a publication, what, and once: heads and officers of every unit, those that are not ranked or not evaluated too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from evaluation.actions import Remark
from evaluation.criteria.sets import Decision
from evaluation.cycles import CycleVerb
from evaluation.kinds import MessageKind
from evaluation.scores.ranking import Band, RankingRules
from evaluation.scores.settings import ResultRules
from notifications.letters import Language
from notifications.render import render
from store.commands.cycle_moves import move_cycle
from store.commands.improvement.published import published_results, take_published
from store.commands.requested import Asked, raise_on_request
from store.commands.results.deciding import set_rules
from store.commands.results.publishing import Order, prepare, publish
from store.commands.results.showing import publish_rehearsed
from store.outbox.gathering import gather
from store.queries.letters import read_letter
from store.verify import verify
from store.years import load_year
from tests.store.improving import improving_year
from tests.store.resulting import ALL_BUT_ONE, pin_small, score

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.render import Rendered
    from store.session import Store
    from tests.conftest import SmallYear

WHY = Remark(reason="Quy chế")


@pytest.fixture
def year(store: Store) -> SmallYear:
    year = improving_year(store)
    now = year.slot(date(2025, 3, 3))
    pin_small(store, year.cycle, now=now)
    score(store, year.cycle, ALL_BUT_ONE, now=now)
    bands = RankingRules(bands=(Band(name="Khá", least=Decimal(70)),))
    with store.transaction(now=now) as transaction:
        set_rules(store, transaction, year.cycle, rules=ResultRules(ranking=bands, unranked=("xa-2",)), remark=WHY)
    return year


@pytest.fixture
def now(year: SmallYear) -> datetime:
    return year.slot(date(2025, 3, 4))


def published(year: SmallYear, number: str, *, now: datetime, corrects: int | None = None) -> None:
    decision = Decision(number=number, dated=date(2025, 3, 3))
    order = Order(decision=decision, accepted="Không thẩm định được", corrects=corrects, reason="in sai" if corrects else "")
    prepared = prepare(year.store, year.cycle, order, now=now)
    with year.store.transaction(now=now) as transaction:
        publish(year.store, transaction, year.cycle, prepared=prepared)


def told(year: SmallYear) -> list[tuple[str, str]]:
    query = text("select cause, recipient from notice where kind = 'results-published' order by id")
    with year.store.reading() as connection:
        return [(row.cause, row.recipient) for row in connection.execute(query)]


def mail(year: SmallYear, unit: str, *, now: datetime, edition: int = 1) -> Rendered:
    """The mail of the first who is told of a unit's result."""
    with year.store.reading() as connection:
        party = connection.execute(text("select id from party where key = :key"), {"key": unit}).scalar_one()
        cause = f"p:{year.cycle}:{edition}:{party}"
        row = connection.execute(text("select id, recipient from notice where cause = :cause order by id limit 1"), {"cause": cause}).one()
        letter = read_letter(year.store, connection, authority=1, recipient=row.recipient, notices=[row.id], now=now)
    assert letter.language is Language.VI
    return render(letter, base_url="https://dondoc.invalid", support_phone="")


def test_every_unit_is_told_its_own_result_at_once_and_once(year: SmallYear, now: datetime) -> None:
    before = prepare(year.store, year.cycle, Order(decision=Decision()), now=now)
    published(year, "617/QĐ-UBND", now=now)
    some = told(year)
    assert len(some) == len(set(some))
    assert len({recipient for _, recipient in some}) == before.told
    ranked = mail(year, "xa-1", now=now)
    assert "Chỉ số CCHC năm 2025 đạt 72,50 % (21,75/30 điểm), hạng 1/1" in ranked.text
    assert "loại Khá" in ranked.text
    assert "Kế hoạch khắc phục, cải thiện tiêu chí điểm thấp: hạn thứ Tư 31/12/2025." in ranked.text
    assert "https://dondoc.invalid/published/thu/2025/1/units/xa-1" in ranked.html
    second = mail(year, "xa-2", now=now).text
    assert "được đánh giá, không xếp hạng" in second
    assert "1 mục chưa có điểm, tính 0 điểm." in second
    assert "chưa có điểm" not in ranked.text
    outside = mail(year, "so-tu-phap", now=now)
    assert "không thuộc diện đánh giá, xếp hạng" in outside.text
    assert "Kế hoạch khắc phục" not in outside.text
    with year.store.reading() as connection:
        kinds = [bundle.kind for bundle in gather(connection, now=now) if bundle.kind is MessageKind.RESULTS_PUBLISHED]
    assert len(kinds) == len(some), "each goes alone, on the day"
    assert verify(year.store) == []
    with year.store.transaction(now=now) as transaction:
        transaction.connection.execute(text("update notice set cause = 'p:1:9:9' where cause = :cause"), {"cause": some[0][0]})
    assert "is not in the journal" in "".join(str(one) for one in verify(year.store))


def test_the_date_told_is_that_of_what_follows_from_this_edition(year: SmallYear, now: datetime) -> None:
    published(year, "617/QĐ-UBND", now=now)
    with year.store.transaction(now=now) as transaction:
        of_year = load_year(year.store, transaction.connection, year.cycle, now=now)
        other = Asked(stage="unit-measures", parties=(of_year.people.ids["xa-1"],), subject="khác", due_on=date(2025, 4, 10))
        raise_on_request(transaction, of_year, other)
    assert "hạn thứ Tư 31/12/2025" in mail(year, "xa-1", now=now).text, "another improvement, due earlier, says nothing of this edition"
    with year.store.reading() as connection:
        results = published_results(year.store, connection, year.cycle, now=now)
    with year.store.transaction(now=now) as transaction:
        (first, *_) = take_published(year.store, transaction, year.cycle, results=results).raised
        term = "update term set due_on = '2025-06-30', due_at = '2025-06-30 17:00:00.000000' where obligation_id = :one"
        assert first.owner == "xa-1"
        transaction.connection.execute(text(term), {"one": first.obligation})
    assert "hạn thứ Hai 30/06/2025" in mail(year, "xa-1", now=now).text, "what was raised from it goes first"
    assert "Kế hoạch khắc phục" not in mail(year, "xa-1", now=year.slot(date(2026, 1, 5))).text, "no date that is over"


def test_a_correction_is_told_too_even_when_the_year_is_over(year: SmallYear, now: datetime) -> None:
    published(year, "617/QĐ-UBND", now=now)
    with year.store.transaction(now=now) as transaction:
        move_cycle(year.store, transaction, year.cycle, verb=CycleVerb.CLOSE, remark=WHY)
    first = len(told(year))
    published(year, "700/QĐ-UBND", now=now, corrects=1)
    assert len(told(year)) == 2 * first
    corrected = mail(year, "xa-1", now=now, edition=2)
    assert "được đính chính theo 700/QĐ-UBND" in corrected.text
    assert corrected.subject.startswith("[THỬ][CCHC 2025]")
    with year.store.reading() as connection:
        leaving = [one for one in gather(connection, now=now) if one.kind is MessageKind.RESULTS_PUBLISHED]
    assert len(leaving) == first, "those of the first were cancelled with the year"


def test_a_rehearsed_year_is_published_once_where_units_are_measured(year: SmallYear, now: datetime) -> None:
    assert publish_rehearsed(year.store, year.cycle, now=now)
    assert not publish_rehearsed(year.store, year.cycle, now=now)
    assert len(told(year)) == len(set(told(year))) > 0


def test_a_rehearsed_year_without_criteria_is_not_published(small_year: SmallYear) -> None:
    now = small_year.slot(date(2025, 1, 6))
    assert not publish_rehearsed(small_year.store, small_year.cycle, now=now)
    assert told(small_year) == []
