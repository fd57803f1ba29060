"""Results in the store: index and places from the score rows, exemptions, settings, frozen editions, rewards, the publication's flow."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.criteria.sets import Decision
from evaluation.scores.comparison import Obstacle
from evaluation.scores.index import IndexRules
from evaluation.scores.publication import verify as verify_bundle
from evaluation.scores.ranking import Band, RankingRules
from evaluation.scores.settings import ResultRules
from store.commands import moves
from store.commands.criteria.pinning import pin
from store.commands.launching import Launch, launch
from store.commands.results.deciding import set_rules
from store.commands.results.exempting import Effect, end_exemption, exempt
from store.commands.results.held import ResultsError
from store.commands.results.publishing import Order, Published, prepare, publish
from store.commands.results.rewarding import Given, end_reward, reward
from store.commands.results.showing import people_publish
from store.queries.editions import (
    bundle_of_edition,
    content_of_edition,
    edition_named,
    list_exemptions,
    list_rewards,
    weak_below_of,
    weak_of,
)
from store.queries.results import CycleResults, read_results, trace_unit
from store.score_refusals import SheetFaultsError
from store.verify import verify
from tests.conftest import SMALL_PLAN, SmallYear, launch_small
from tests.store.resulting import Scores, pin_small, score, small_criteria

if TYPE_CHECKING:
    from store.session import Store

D = Decimal
WHY = Remark(reason="Không có chức năng", basis="CV 12/SNV")
FIRST = Decision(number="617/QĐ-UBND", dated=date(2025, 1, 6))
PUBLICATION = """  - key: publication
    kind: publication
    title: Công bố
    title_en: Publication
    owed_by: {keys: [so-noi-vu]}
    owed_to: chu-tich
    opens: {on: Y-01-03}
    due: {by: Y-03-31}
    deliverable: Quyết định
    sign_off: false
    ladder: standard
    waits_for: [{stage: plan, until: all_done}]
    words: thử
    basis: kh-1
    source: none
"""
SCORES: Scores = {
    "xa-1": {"1.1": ("9", "8.5", None), "1.2": ("10", "9", "9.25"), "2": ("10", "4", None)},
    "xa-2": {"1.1": ("7", "7", None), "1.2": ("8", None, None)},
}


BOTH = pytest.mark.parametrize("year", ["store", pytest.param("postgres_store", marks=pytest.mark.postgres)], indirect=True)


@pytest.fixture
def year(request: pytest.FixtureRequest) -> SmallYear:
    """The small year with a publication that waits for the units' plans, and a set for the communes."""
    any_store: Store = request.getfixturevalue(getattr(request, "param", "store"))
    calendar = shipped_calendar()
    at = calendar.instant(date(2025, 1, 2), time(9, 0))
    year = launch_small(any_store, now=at, calendar=calendar, yaml=SMALL_PLAN.read_text(encoding="utf-8") + PUBLICATION)
    pin_small(any_store, year.cycle, now=at)
    return year


@pytest.fixture
def now(year: SmallYear) -> datetime:
    return year.slot(date(2025, 1, 6))


def results(year: SmallYear, *, now: datetime) -> CycleResults:
    with year.store.reading() as connection:
        return read_results(year.store, connection, year.cycle, now=now)


def exempted(year: SmallYear, node: str, *, now: datetime, unit: str = "xa-1", remark: Remark = WHY) -> Effect:
    with year.store.transaction(now=now) as transaction:
        return exempt(year.store, transaction, year.cycle, unit=unit, node=node, approver="head.so-noi-vu", remark=remark)


def published(year: SmallYear, order: Order, *, now: datetime, seen: str = "") -> Published:
    prepared = prepare(year.store, year.cycle, order, now=now)
    with year.store.transaction(now=now) as transaction:
        return publish(year.store, transaction, year.cycle, prepared=prepared, seen=seen)


def whole(year: SmallYear, *, now: datetime) -> None:
    """Every leaf of both units has a score that counts."""
    score(year.store, year.cycle, {**SCORES, "xa-2": {"1.1": ("7", "7", None), "1.2": ("8", "8", None), "2": (None, "9", None)}}, now=now)


@BOTH
def test_what_counts_is_final_else_appraised_else_provisional(year: SmallYear, now: datetime) -> None:
    score(year.store, year.cycle, SCORES, now=now)
    found = results(year, now=now)
    one, two = found.units["xa-1"], found.units["xa-2"]
    assert (one.totals.points, one.totals.maximum, one.is_settled) == (D("21.75"), D(30), True)
    assert (two.totals.points, two.provisional, two.totals.missing, found.is_settled) == (D(15), 1, 1, False)
    (table,) = found.tables
    assert [(line.contender.unit, line.place, line.of) for line in table.lines] == [("xa-1", 1, 2), ("xa-2", 2, 2)]
    with year.store.reading() as connection:
        traced = trace_unit(year.store, connection, year.cycle, "xa-2", now=now)
    assert (traced.index.points, traced.provisional) == (D(15), frozenset({"1.2"}))
    assert (found.compared_with, found.comparisons) == ("", ())


def test_who_has_no_score_yet_has_no_place_and_what_counts_0_is_named(year: SmallYear, now: datetime) -> None:
    score(year.store, year.cycle, {"xa-1": {"1.1": ("9", None, None)}}, now=now)
    found = results(year, now=now)
    (table,) = found.tables
    assert [(line.contender.unit, line.place, line.of) for line in table.lines] == [("xa-1", 1, 1), ("xa-2", None, 1)]
    assert [one.scored for one in found.units.values()] == [True, False]
    assert table.mean == D(30), "who has no score weighs nothing in the mean"
    with year.store.reading() as connection:
        traced, none = (trace_unit(year.store, connection, year.cycle, unit, now=now) for unit in ("xa-1", "xa-2"))
    assert [(one.node, one.unscored) for one in traced.weak] == [("1.2", True), ("2", True)]
    assert (traced.scored, none.scored) == (True, False)


@BOTH
def test_an_exemption_lowers_the_denominator_and_its_end_raises_it_again(year: SmallYear, now: datetime) -> None:
    score(year.store, year.cycle, SCORES, now=now)
    effect = exempted(year, "1", now=now)
    assert (effect.maximum_before, effect.maximum, effect.leaves_before, effect.leaves) == (D(30), D(10), 3, 1)
    assert (effect.index_before, effect.index) == (D("72.5"), D(40))
    assert [(one.node, one.before, one.after) for one in effect.denominators] == [("", D(30), D(10)), ("1", D(20), D(0))]
    assert [(one.unit, one.before, one.after) for one in effect.places] == [("xa-2", 2, 1), ("xa-1", 1, 2)]
    assert effect.others == 1
    assert results(year, now=now).units["xa-1"].totals.index == 40
    with pytest.raises(SheetFaultsError, match="exempt") as everything:
        exempted(year, "2", now=now)
    assert everything.value.faults[0].code == "exempt-from-everything"
    for node, code in (("9.9", "no-such-node"), ("1", "exempt-twice")):
        with pytest.raises(SheetFaultsError) as refused:
            exempted(year, node, now=now)
        assert code in {fault.code for fault in refused.value.faults}
    with pytest.raises(ResultsError, match="needs a reason"):
        exempted(year, "2", now=now, unit="xa-2", remark=Remark())
    with pytest.raises(ResultsError, match="measures no unit"):
        exempted(year, "2", now=now, unit="so-tu-phap")
    with year.store.transaction(now=now) as transaction:
        back = end_exemption(year.store, transaction, year.cycle, effect.exemption, remark=WHY)
    assert (back.maximum_before, back.maximum) == (D(10), D(30))
    with year.store.reading() as connection:
        (line,) = list_exemptions(connection, year.cycle)
    assert (line.node, line.approver, line.ended_why) == ("1", "head.so-noi-vu", WHY.reason)
    assert year.actions()[-2:] == ["exempt", "end-exemption"]
    assert verify(year.store) == []


def test_settings_hold_for_a_cycle_and_are_refused_with_their_place(year: SmallYear, now: datetime) -> None:
    score(year.store, year.cycle, SCORES, now=now)
    bands = (Band(name="Tốt", least=D(70)), Band(name="Khá", least=D(50)))
    rules = ResultRules(ranking=RankingRules(bands=bands, tie_keys=("points",)), unranked=("xa-2",))
    with year.store.transaction(now=now) as transaction:
        assert set_rules(year.store, transaction, year.cycle, rules=rules, remark=WHY)
        assert not set_rules(year.store, transaction, year.cycle, rules=rules, remark=WHY)
        with pytest.raises(SheetFaultsError, match="points, 1, 2"):
            set_rules(year.store, transaction, year.cycle, rules=replace(rules, ranking=RankingRules(tie_keys=("9",))), remark=WHY)
        with pytest.raises(ResultsError, match="needs a reason"):
            set_rules(year.store, transaction, year.cycle, rules=ResultRules(), remark=Remark())
    (table,) = results(year, now=now).tables
    assert [(line.contender.unit, line.place, line.band) for line in table.lines] == [("xa-1", 1, "Tốt"), ("xa-2", None, "Khá")]
    assert verify(year.store) == []


def test_what_is_weak_in_an_edition_is_frozen_with_it(year: SmallYear, now: datetime) -> None:
    whole(year, now=now)
    order = Order(decision=FIRST)
    for below, at in ((D(60), now), (D(30), now + timedelta(hours=1))):
        with year.store.transaction(now=at) as transaction:
            set_rules(year.store, transaction, year.cycle, rules=ResultRules(weak_below=below), remark=WHY)
        if below == D(60):
            published(year, order, now=now)
    with year.store.reading() as connection:
        line = edition_named(connection, "thu", 2025)
        bundle = bundle_of_edition(connection, line.id)
        assert weak_below_of(connection, line, bundle) == D(60)
        del bundle["rules"]["weak_below"]
        assert weak_below_of(connection, line, bundle) == D(60), "of one frozen before that was kept: the settings of its day"


def test_a_field_of_another_group_breaks_no_ties(small_year: SmallYear) -> None:
    now = small_year.slot(date(2025, 1, 6))
    made = small_criteria()
    criteria = replace(made, fields=(made.fields[0], replace(made.fields[1], groups=("so",))))
    pin_small(small_year.store, small_year.cycle, now=now, criteria=criteria)
    rules = ResultRules(ranking=RankingRules(tie_keys=("2",)))
    with small_year.store.transaction(now=now) as transaction, pytest.raises(SheetFaultsError, match="points, 1"):
        set_rules(small_year.store, transaction, small_year.cycle, rules=rules, remark=WHY)


def test_missing_scores_refuse_a_publication_with_their_list(year: SmallYear, now: datetime) -> None:
    score(year.store, year.cycle, SCORES, now=now)
    with pytest.raises(SheetFaultsError, match=r"xa-2: 2 leaves have no final score: 1\.2, 2"):
        published(year, Order(decision=FIRST), now=now)


@BOTH
def test_a_publication_is_refused_with_its_mend(year: SmallYear, now: datetime) -> None:
    whole(year, now=now)
    for decision, match in (
        (Decision(), "no number"),
        (Decision(number="1"), "no date"),
        (replace(FIRST, dated=date(2025, 2, 1)), "ahead"),
    ):
        with pytest.raises(ResultsError, match=match):
            published(year, Order(decision=decision), now=now)
    with pytest.raises(ResultsError, match="changed meanwhile"):
        published(year, Order(decision=FIRST), now=now, seen="0" * 64)
    with pytest.raises(ResultsError, match="nothing to correct"):
        published(year, Order(decision=FIRST, corrects=1), now=now)
    assert "publish-results" not in year.actions()


@BOTH
def test_what_is_published_is_frozen_and_only_corrected_by_another_decision(year: SmallYear, now: datetime) -> None:
    whole(year, now=now)
    first = published(year, Order(decision=FIRST), now=now)
    assert first.number == 1
    correction = Order(decision=Decision(number="700/QĐ-UBND", dated=date(2025, 1, 6)), corrects=1, reason="in sai")
    for order, match in (
        (Order(decision=FIRST), "stays"),
        (replace(correction, decision=FIRST), "of its own"),
        (replace(correction, corrects=2), "stays"),
        (replace(correction, reason=""), "needs a reason"),
    ):
        with pytest.raises(ResultsError, match=match):
            published(year, order, now=now)
    exempted(year, "2", now=now)
    second = published(year, correction, now=now)
    with year.store.reading() as connection:
        old, new = edition_named(connection, "thu", 2025, number=1), edition_named(connection, "thu", 2025)
        contents = {one.number: content_of_edition(connection, one.id) for one in (old, new)}
        weak = weak_of(bundle_of_edition(connection, old.id), below=D(50))
    assert (old.sha256, old.corrected_by, new.sha256, new.corrects) == (first.sha256, 2, second.sha256, 1)
    assert {
        number: verify_bundle(content.encode(), expected=sha)
        for number, content, sha in ((1, contents[1], first.sha256), (2, contents[2], second.sha256))
    } == {1: (), 2: ()}
    assert json.loads(contents[2])["corrects"] == first.sha256
    assert [(one.node, one.index) for one in weak["xa-1"]] == [("2", D(40))]
    assert weak["xa-2"] == ()
    assert verify(year.store) == []
    with year.store.transaction(now=now) as transaction:
        transaction.connection.execute(text("UPDATE edition SET content = replace(content, '4', '5') WHERE number = 1"))
    assert any("edition 1" in finding and "no longer gives its hash" in finding for finding in verify(year.store))


def test_missing_scores_are_published_only_with_a_reason_that_stands_in_the_bundle(year: SmallYear, now: datetime) -> None:
    score(year.store, year.cycle, SCORES, now=now)
    done = published(year, Order(decision=FIRST, accepted="Đơn vị không nộp"), now=now)
    with year.store.reading() as connection:
        bundle = bundle_of_edition(connection, edition_named(connection, "thu", 2025).id)
    assert bundle["accepted"] == "Đơn vị không nộp"
    assert {unit["unit"]: unit["results"]["points"] for unit in bundle["units"]} == {"xa-1": "21.75", "xa-2": "7"}
    assert verify_bundle(json.dumps(bundle, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(), expected=done.sha256) == ()
    payload = year.scalar("SELECT payload FROM journal WHERE action = 'publish-results'")
    assert '"missing":2' in payload


def test_a_cycle_that_measures_nobody_publishes_nothing(small_year: SmallYear) -> None:
    now = small_year.slot(date(2025, 1, 6))
    with pytest.raises(SheetFaultsError, match="measures no unit"):
        published(small_year, Order(decision=FIRST), now=now)


def test_rewards_are_kept_by_decision_and_the_journal_names_nobody(year: SmallYear, now: datetime) -> None:
    whole(year, now=now)
    given = Given(unit="xa-1", person="Nguyễn Thị B", decision="88/QĐ-UBND")
    with pytest.raises(ResultsError, match="nothing is published"), year.store.transaction(now=now) as transaction:
        reward(year.store, transaction, year.cycle, given=given)
    published(year, Order(decision=FIRST), now=now)
    with year.store.transaction(now=now) as transaction:
        one = reward(year.store, transaction, year.cycle, given=given)
        reward(year.store, transaction, year.cycle, given=replace(given, person=""))
        with pytest.raises(ResultsError, match="before"):
            reward(year.store, transaction, year.cycle, given=given)
        with pytest.raises(ResultsError, match="decision"):
            reward(year.store, transaction, year.cycle, given=replace(given, decision=" "))
    with year.store.reading() as connection:
        assert [(line.kind, line.person) for line in list_rewards(connection, year.cycle)] == [
            ("collective", ""),
            ("individual", "Nguyễn Thị B"),
        ]
    with year.store.transaction(now=now) as transaction:
        end_reward(year.store, transaction, year.cycle, one, remark=WHY)
    assert year.scalar("SELECT count(*) FROM journal WHERE payload LIKE '%Nguyễn%'") == 0
    assert verify(year.store) == []


def repairs(year: SmallYear) -> list[tuple[str, str]]:
    with year.store.reading() as connection:
        found = connection.execute(text("SELECT subject, state FROM obligation WHERE subject LIKE 'results-%' ORDER BY id"))
        return [(row.subject, row.state) for row in found]


def test_the_publication_asks_for_missing_scores_and_freezes_under_the_accepted_decision(year: SmallYear, now: datetime) -> None:
    score(year.store, year.cycle, SCORES, now=now)
    year.tick(now)
    year.deliver("plan", now=now)
    year.tick(now)
    assert repairs(year) == [("results-missing/publication", "open")]
    score(year.store, year.cycle, {"xa-2": dict.fromkeys(("1.1", "1.2", "2"), ("5", "5", None))}, now=now)
    (ident,) = year.ids("publication")
    year.tick(now)
    year.move(moves.submit, ident, now=now)
    year.move(moves.accept, ident, now=now, remark=Remark(basis="617/QĐ-UBND ngày 06/01/2025"))
    year.tick(now)
    with year.store.reading() as connection:
        line = edition_named(connection, "thu", 2025)
    assert (line.decision, line.decided_on) == ("617/QĐ-UBND", date(2025, 1, 6))
    assert repairs(year) == [("results-missing/publication", "accepted")]
    before = year.actions()
    year.tick(now)
    assert [action for action in year.actions()[len(before) :] if action != "tick"] == []
    assert verify(year.store) == []


def test_a_decision_without_a_date_is_asked_to_be_published_by_hand(year: SmallYear, now: datetime) -> None:
    whole(year, now=now)
    year.tick(now)
    year.deliver("plan", now=now)
    year.tick(now)
    (ident,) = year.ids("publication")
    year.move(moves.submit, ident, now=now)
    year.move(moves.accept, ident, now=now, remark=Remark(basis="617/QĐ-UBND"))
    year.tick(now)
    assert [subject for subject, _ in repairs(year)] == ["results-unpublished/publication"]
    assert published(year, Order(decision=FIRST), now=now).mended
    assert [state for _, state in repairs(year)] == ["accepted"]
    assert verify(year.store) == []


def test_people_of_a_demo_publish_once_every_score_is_there_and_reward_the_best(year: SmallYear, now: datetime) -> None:
    year.tick(now)
    year.deliver("plan", now=now)
    year.tick(now)

    def publishing(day: date) -> bool:
        done = people_publish(year.store, year.loaded(year.slot(day)), now=year.slot(day))
        year.tick(year.slot(day))
        return done

    score(year.store, year.cycle, SCORES, now=now)
    assert not publishing(date(2025, 1, 7)), "scores are missing"
    score(year.store, year.cycle, {"xa-2": dict.fromkeys(("1.1", "1.2", "2"), ("5", "5", None))}, now=now)
    days = [date(2025, 1, 8), date(2025, 1, 9), date(2025, 1, 22), date(2025, 1, 23), date(2025, 1, 24)]
    assert [publishing(day) for day in days] == [True, True, False, True, False], "drafted, signed on a Thursday; rewarded after two weeks"
    with year.store.reading() as connection:
        line = edition_named(connection, "thu", 2025)
        rewarded = [(one.unit, one.kind) for one in list_rewards(connection, year.cycle)]
    assert (line.decision, line.decided_on) == ("257/QĐ-UBND (ví dụ)", date(2025, 1, 9))
    assert rewarded == [("xa-1", "collective"), ("xa-2", "collective"), ("xa-1", "individual")]
    assert verify(year.store) == []


def test_last_year_stands_beside_this_one_through_links_alone(year: SmallYear, now: datetime) -> None:
    whole(year, now=now)
    published(year, Order(decision=FIRST), now=now)
    order = Launch(
        authority="thu", plan_yaml=SMALL_PLAN.read_text(encoding="utf-8"), year=2026, calendar=year.calendar, accept_projection=True
    )
    with year.store.transaction(now=now) as transaction:
        later = launch(year.store, transaction, order).cycle
        pin(year.store, transaction, later, group="xa", name="thu", remark=Remark())
    same = {"1.1": ("9", "9", None), "1.2": ("9", "9", None), "2": ("9", "9", None)}
    score(year.store, later, {"xa-1": same, "xa-2": same}, now=now)
    after = replace(year, cycle=later)
    found = results(after, now=now)
    assert found.compared_with == "617/QĐ-UBND"
    merged = found.compared("xa-1")
    assert [(one.before.unit, one.is_comparable, one.words("en")) for one in merged if one.before] == [
        ("xa-1", False, "the unit was merged from several"),
        ("xa-2", False, "the unit was merged from several; the unit was split from another"),  # it is still there itself
    ]
    allowed = ResultRules(index=IndexRules(survey_held=False), allowed=frozenset({Obstacle.MERGED, Obstacle.SPLIT}))
    with year.store.transaction(now=now) as transaction:
        set_rules(year.store, transaction, later, rules=allowed, remark=WHY)
    line = results(after, now=now).compared("xa-1")[0]
    assert line.before is not None
    assert (line.before.placed, line.index, line.points, line.continued) == ("2/2", D("17.5"), D("5.25"), False)
