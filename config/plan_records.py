"""Plan records: a plan's data, already found to be in order, as frozen records."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evaluation.due_rules import CountedPeriod, DayUnit, DueRule, FixedDate, PeriodDate, PeriodMonth, Roll, Words
from evaluation.improvement.settings import Improving, Per, WeakOf
from evaluation.kinds import Audience, MessageKind, PartyKind, StageKind
from evaluation.papers import Purpose
from evaluation.plans import (
    CountFrom,
    Document,
    Extension,
    Inspecting,
    Item,
    ItemsFrom,
    OnTimeBy,
    Periods,
    Plan,
    ReportRule,
    Rung,
    Selector,
    Stage,
    TurnRule,
    Until,
    Wait,
)
from evaluation.reports.forms import Severity
from evaluation.scores.rules import Base, CouncilRules, SurveyRules, TooFew

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.source import Source

_END_OF_DAY = "24:00"
_DEFAULT_SLOT = "07:30"
_DEFAULT_MAILS_PER_DAY = 6


def build_plan(source: Source) -> Plan:
    """Return the plan that a faultless source says."""
    given: dict[str, Any] = source.mapping()
    stages = tuple(_stage(stage, line=source.place(steps).line) for steps, stage in source.mappings("stages"))
    return Plan(
        key=given["key"],
        title=given["title"],
        title_en=given["title_en"],
        year=given["year"],
        reference_on=date.fromisoformat(given["reference_date"]),
        authority=given["authority"]["key"],
        authority_name=given["authority"]["name"],
        roster=given["roster"],
        standing_body=given["standing_body"],
        chair=given["chair"],
        slot=time.fromisoformat(given.get("slot", _DEFAULT_SLOT)),
        mails_per_day=given.get("mails_per_day", _DEFAULT_MAILS_PER_DAY),
        ladders={name: tuple(map(_rung, rungs)) for name, rungs in given.get("ladders", {}).items()},
        documents=tuple(_document(key, document) for key, document in given.get("documents", {}).items()),
        stages=stages,
        file=source.file,
        digest=given.get("digest", True),
        criteria=dict(given.get("criteria", {})),
    )


def _document(key: str, given: Mapping[str, Any]) -> Document:
    return Document(
        key=key,
        kind=given["kind"],
        number=given.get("number", ""),
        issuer=given["issuer"],
        dated=date.fromisoformat(given["date"]) if "date" in given else None,
        title=given["title"],
        source=given["source"],
    )


def _rung(given: Mapping[str, Any]) -> Rung:
    return Rung(
        key=given["rung"],
        offset=given["offset"],
        unit=DayUnit(given.get("unit", DayUnit.CALENDAR)),
        counted_from=CountFrom(given.get("from", CountFrom.DUE)),
        audience=tuple(map(Audience, given["audience"])),
        message=MessageKind(given["message"]),
        also_by_urging=given.get("also_by_urging", False),
        paper=Purpose(given["paper"]) if "paper" in given else None,
    )


def _stage(given: Mapping[str, Any], *, line: int) -> Stage:
    return Stage(
        key=given["key"],
        kind=StageKind(given["kind"]),
        title=given["title"],
        title_en=given["title_en"],
        owed_by=_selector(given["owed_by"]),
        coordinating=_selector(given["coordinating"]) if "coordinating" in given else None,
        owed_to=given["owed_to"],
        through=given.get("through", ""),
        about=_selector(given["about"]) if "about" in given else None,
        subjects=tuple(given.get("subjects", ())),
        periods=Periods(given.get("periods", Periods.ONCE)),
        only_periods=tuple(given.get("only_periods", ())),
        opens=_due_rule(given["opens"]),
        due=None if given["due"] == "none" else _due_rule(given["due"]),
        locks=_due_rule(given["locks"]) if "locks" in given else None,
        deliverable=given["deliverable"],
        items=tuple(Item(key=item["key"], title=item["title"]) for item in given.get("items", ())),
        items_from=ItemsFrom(given["items_from"]) if "items_from" in given else None,
        ladder=given.get("ladder", ""),
        review=_turn(given.get("review", {})),
        correction=_turn(given.get("correction", {})),
        extension=Extension(**given.get("extension", {})),
        sign_off=given.get("sign_off", True),
        appraises_own=given.get("appraises_own", False),
        four_eyes=given.get("four_eyes", False),
        accepts_late=given.get("accepts_late", True),
        on_time_by=OnTimeBy(given.get("on_time_by", OnTimeBy.WORST)),
        uncorrected_after=given.get("uncorrected_after"),
        on_request=given.get("on_request", False),
        announces=given.get("announces", True),
        waits_for=tuple(Wait(stage=wait["stage"], until=Until(wait["until"])) for wait in given.get("waits_for", ())),
        report=_report(given["report"]) if "report" in given else None,
        inspection=_inspecting(given["inspection"]) if "inspection" in given else None,
        improvement=_improving(given["improvement"]) if "improvement" in given else None,
        survey=_surveying(given["survey"]) if "survey" in given else None,
        council=_council(given["council"]) if "council" in given else None,
        words=given["words"],
        basis=given.get("basis", ""),
        source=given["source"],
        line=line,
    )


def _selector(given: Mapping[str, Any]) -> Selector:
    return Selector(
        kind=PartyKind(given["kind"]) if "kind" in given else None,
        groups=tuple(given.get("groups", ())),
        levels=tuple(given.get("levels", ())),
        keys=tuple(given.get("keys", ())),
        except_keys=tuple(given.get("except", ())),
    )


def _inspecting(given: Mapping[str, Any]) -> Inspecting:
    notice = given.get("notice", {"count": Inspecting.notice, "unit": Inspecting.notice_unit})
    plain = {key: value for key, value in given.items() if key not in {"notice", "among"}}
    among = _selector(given["among"]) if "among" in given else None
    return Inspecting(**plain, among=among, notice=notice["count"], notice_unit=DayUnit(notice.get("unit", DayUnit.WORKING)))


def _report(given: Mapping[str, Any]) -> ReportRule:
    return ReportRule(**{**given, "measures": Severity(given.get("measures", ReportRule.measures))})


def _improving(given: Mapping[str, Any]) -> Improving:
    return Improving(
        weak=WeakOf(given["weak"]) if "weak" in given else None,
        low=given.get("low", Improving.low),
        leads_of=given.get("leads_of", ""),
        per=Per(given.get("per", Improving.per)),
        measures=given.get("measures", ""),
    )


def _surveying(given: Mapping[str, Any]) -> SurveyRules:
    return SurveyRules(**{**given, "too_few": TooFew(given.get("too_few", TooFew.REFUSE))})


def _council(given: Mapping[str, Any]) -> CouncilRules:
    base = Base(given.get("base", Base.ENTITLED))
    shares = {name: Decimal(given[name]) for name in ("quorum", "majority") if name in given}
    return CouncilRules(**{**given, **shares, "base": base})


def _turn(given: Mapping[str, Any]) -> TurnRule:
    return TurnRule(count=given.get("count"), unit=DayUnit(given.get("unit", DayUnit.CALENDAR)), ladder=given.get("ladder", ""))


def _due_rule(given: Mapping[str, Any]) -> DueRule:
    at = given.get("at", _END_OF_DAY)
    ends_at = None if at == _END_OF_DAY else time.fromisoformat(at)
    if "count" in given:
        roll = Roll(given.get("roll", Roll.FORWARD))
        return CountedPeriod(count=given["count"], unit=DayUnit(given["unit"]), anchor=given["from"], at=ends_at, roll=roll)
    roll = Roll(given.get("roll", Roll.NONE))
    words = next(word for word in Words if word in given)
    if "of" in given:
        return PeriodDate(words=words, day=given[words], of=PeriodMonth(given["of"]), at=ends_at, roll=roll)
    year, month, day = given[words].rsplit("-", 2)
    offset = int(year.removeprefix("Y") or 0)
    return FixedDate(words=words, year_offset=offset, month=int(month), day=int(day), at=ends_at, roll=roll)
