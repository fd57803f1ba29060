"""A small year from the first self score to the published bundle, with the set that a district printed in 2019: 99.55 under 100."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from config.criteria_files import find_criteria, read_criteria
from evaluation.criteria.sets import Decision
from evaluation.obligations import State
from evaluation.scores.council import Choice, Matter, Member, Vote, resolve, settle_resolved
from evaluation.scores.editions import Edition, Measured, outcome_of
from evaluation.scores.exemptions import Exemption, Scope
from evaluation.scores.filling import Act, accept_explanation, appraise, explain, score_self
from evaluation.scores.index import IndexRules
from evaluation.scores.methods import Given
from evaluation.scores.numbers import displayed
from evaluation.scores.publication import freeze, verify
from evaluation.scores.ranking import Band, RankingRules
from evaluation.scores.rules import CouncilRules
from evaluation.scores.sheets import Part, Sheet, sheet_status
from evaluation.statuses import Status

D = Decimal
CYCLE, NOW = "huyen-2019", datetime(2019, 12, 20, 2, 0, tzinfo=UTC)
CRITERIA = read_criteria(find_criteria("huyen-2019-phong")).criteria
#: What each division loses, by field; the third is exempt from the one-stop field (lĩnh vực 8).
LOST = {"phong-noi-vu": {"1": "0.5"}, "phong-tu-phap": {"1": "2.25", "9": "1.5"}, "thanh-tra": {"5": "4.125"}}
COUNCIL = tuple(Member(key=f"m{number}", unit=unit) for number, unit in enumerate((*LOST, "", "", "", "")))
BANDS = (Band(name="Tốt", least=D(97)), Band(name="Khá", least=D(90)))


def act(by: str, why: str = "") -> Act:
    return Act(by=by, at=NOW, why=why)


def scope(unit: str) -> Scope:
    exempt = Exemption(cycle=CYCLE, unit="thanh-tra", node="8", reason="Không có TTHC", approver="Chủ tịch UBND huyện")
    return Scope(cycle=CYCLE, unit=unit, criteria=CRITERIA, group="phong-ban", exemptions=(exempt,))


def year_of(unit: str) -> Sheet:
    sheet = Sheet(scope=scope(unit))
    for step in sheet.scope.owed:
        sheet = score_self(sheet, step.node.key, Given(points=step.node.maximum), act=act(unit))
    for step in sheet.scope.owed:
        key = step.node.key
        less = D(LOST[unit].get(key, "0"))
        sheet = appraise(sheet, key, (step.node.maximum or D(0)) - less, remark="Chưa đủ" if less else "", act=act("to-giup-viec"))
    for key in LOST[unit]:
        assert sheet_status(sheet, handed=State.SUBMITTED) is Status.AWAITING_EXPLANATION
        sheet = explain(sheet, key, "Đã bổ sung", act=act(unit))
        sheet = accept_explanation(sheet, key, (sheet.entry(key).appraised or D(0)) + D("0.125"), act=act("to-giup-viec", "Có lý"))
    matter = Matter(key=unit, words=f"Điểm của {unit}", unit=unit)
    votes = [Vote(member=one.key, choice=Choice.FOR, at=NOW) for one in COUNCIL if one.unit != unit]
    resolved = resolve(COUNCIL, matter, votes, rules=CouncilRules())
    assert (len(resolved.entitled), resolved.carried) == (6, True)
    return settle_resolved(sheet, resolved, sheet.scores(Part.APPRAISED), act=act("hoi-dong"))


def test_a_small_year() -> None:
    sheets = {unit: year_of(unit) for unit in LOST}
    assert {sheet_status(sheet, handed=State.ACCEPTED) for sheet in sheets.values()} == {Status.APPROVED}
    units = tuple(
        Measured(scope=sheet.scope, name=unit, scores={part: sheet.scores(part) for part in Part}) for unit, sheet in sheets.items()
    )
    edition = Edition(
        authority="mot-huyen",
        cycle=CYCLE,
        year=2019,
        decision=Decision(number="1/QĐ-UBND"),
        index_rules=IndexRules(survey_held=False),
        ranking_rules=RankingRules(bands=BANDS),
        units=units,
    )
    (table,) = outcome_of(edition).tables
    shown = [(line.contender.unit, line.contender.points, displayed(line.contender.index), line.place, line.band) for line in table.lines]
    assert shown == [
        ("phong-noi-vu", D("99.175"), D("99.62"), 1, "Tốt"),
        ("phong-tu-phap", D("96.05"), D("96.48"), 2, "Khá"),
        ("thanh-tra", D("86.55"), D("95.58"), 3, "Khá"),  # 86.55 of 90.55, not of 99.55
    ]
    assert (displayed(table.gap or D(0)), table.gap_points) == (D("4.04"), D("12.625"))
    frozen = freeze(edition)
    assert verify(frozen.content, expected=frozen.sha256) == ()
