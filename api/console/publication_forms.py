"""Forms of the page of publication: what each asks for, whom one may name in it, and how the settings of the results stand and are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.console.catalogues import N_
from api.console.choosing import Choices, choices_of, people_of
from api.console.deed import Blank
from evaluation.criteria.words import printed
from evaluation.scores.comparison import OBSTACLES, Obstacle
from evaluation.scores.ranking import By, TieRule
from evaluation.scores.showing import SHOWN_WORDS, ScoresShown
from store.rights import authority_today

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.console.visiting import Visitor
    from evaluation.scores.settings import ResultRules
    from store.queries.health import View
    from store.results import MeasuredUnit

TIES = {
    TieRule.SHARED: N_("cùng hạng, bỏ hạng sau: 1, 2, 2, 4"),
    TieRule.DENSE: N_("cùng hạng, không bỏ hạng: 1, 2, 2, 3"),
    TieRule.DISTINCT: N_("mỗi đơn vị một hạng: 1, 2, 3, 4"),
}
BANDS_BY = {By.EXACT: N_("giá trị chính xác"), By.DISPLAYED: N_("giá trị đã làm tròn")}
#: Obstacles that an authority may allow; that a unit is new or gone, nobody can.
_ALLOWABLE = tuple(one for one in Obstacle if one not in {Obstacle.NEW, Obstacle.ENDED})
#: So many things that break ties may be chosen at least.
_LEAST_TIE_KEYS = 3
_UNIT = Blank(name="unit", label=N_("Đơn vị"), kind="named", among="units", required=True, hint=N_("Gõ tên, chọn trong danh sách"))
EXEMPT = (
    _UNIT,
    Blank(name="node", label=N_("Số của mục"), required=True, hint="2.1"),
    Blank(name="reason", label=N_("Lý do"), kind="text", required=True),
    Blank(name="approver", label=N_("Người phê duyệt (để trống: chính anh/chị)"), kind="named", among="people"),
    Blank(name="basis", label=N_("Theo văn bản (số, ngày)"), hint="CV 12/SNV ngày 01/04/2026"),
)
REWARD = (
    _UNIT,
    Blank(name="person", label=N_("Họ tên cá nhân (để trống: tập thể)"), among="persons"),
    Blank(name="form", label=N_("Hình thức"), required=True),
    Blank(name="decision", label=N_("Số quyết định"), required=True),
    Blank(name="decided_on", label=N_("Ngày quyết định"), kind="date"),
)
RULES = (
    Blank(name="bands", label=N_("Các loại, mỗi dòng: tên | từ bao nhiêu %, cao trước")),
    Blank(name="tie_keys", label=N_("Tiêu chí phụ để phân định")),
    Blank(name="unranked", label=N_("Đơn vị đặc thù: đánh giá, không xếp hạng")),
    Blank(name="cap", label=N_("Mức trần (%), để trống: không có")),
    Blank(name="floor", label=N_("Mức sàn (%), để trống: không có")),
    Blank(name="decimals", label=N_("Số chữ số thập phân khi in")),
    Blank(name="weak_below", label=N_("Tiêu chí yếu: dưới bao nhiêu %")),
    Blank(name="reason", label=N_("Lý do")),
    Blank(name="basis", label=N_("Theo văn bản (số, ngày)")),
)
PUBLISH = (
    Blank(name="number", label=N_("Số quyết định")),
    Blank(name="dated", label=N_("Ngày quyết định")),
    Blank(name="issuer", label=N_("Cơ quan ban hành")),
)
BLANKS: Mapping[str, tuple[Blank, ...]] = {"exempt": EXEMPT, "reward": REWARD, "rules": RULES, "publish": PUBLISH}


def lists_of(
    visitor: Visitor, connection: View, authority: int, *, measured: Sequence[MeasuredUnit], rules: ResultRules
) -> dict[str, Choices]:
    """Return whom one may name in these forms: the units that are measured or special, the people in office, and what these are called."""
    people = people_of(visitor, connection, authority, on=authority_today(connection, authority, now=visitor.now))
    persons = dict.fromkeys(name.partition(",")[0] for name in people.names.values() if name.count(",") > 1)
    units = [(one.key, one.name) for one in measured]
    gone = set(rules.unranked) - {key for key, _ in units}
    return {
        "units": choices_of([*units, *((key, key) for key in gone)]),
        "people": people,
        "persons": choices_of((name, name) for name in persons),
    }


def rules_view(
    visitor: Visitor, rules: ResultRules, *, measured: Sequence[MeasuredUnit], typed: Mapping[str, str] | None
) -> dict[str, Any]:
    """Return the settings as the form shows them, or as they were written into it."""
    language, ranking = visitor.language.value, rules.ranking
    stand = {
        "cap": "" if rules.index.cap is None else printed(rules.index.cap, language),
        "floor": "" if rules.index.floor is None else printed(rules.index.floor, language),
        "bands": "\n".join(f"{band.name} | {printed(band.least, language)}" for band in ranking.bands),
        "decimals": str(ranking.decimals),
        "weak_below": printed(rules.weak_below, language),
        "ties": ranking.ties.value,
        "bands_by": ranking.bands_by.value,
        "appraised_scores_shown": rules.appraised_scores_shown.value,
        "tie_keys": " ".join(ranking.tie_keys),
        "unranked": " ".join(rules.unranked),
        **{f"allowed-{one.value}": "1" for one in rules.allowed},
        **({"survey_held": "1"} if rules.index.survey_held else {}),
    }
    shown = stand if typed is None else typed
    word = 0 if language == "vi" else 1
    tie_keys = shown.get("tie_keys", "").split()
    return {
        **{name: shown.get(name, "") for name in ("cap", "floor", "bands", "decimals", "weak_below", "reason", "basis")},
        "stand": stand,
        "survey_held": "survey_held" in shown,
        "everywhere": "everywhere" in shown,
        "ties": [(one.value, visitor.say(words), one.value == shown.get("ties")) for one, words in TIES.items()],
        "tie_keys": [*tie_keys, *[""] * max(1, _LEAST_TIE_KEYS - len(tie_keys))],
        "tie_choices": _tie_choices(visitor, measured),
        "bands_by": [(one.value, visitor.say(words), one.value == shown.get("bands_by")) for one, words in BANDS_BY.items()],
        "unranked": shown.get("unranked", "").split(),
        "shown": [(one.value, SHOWN_WORDS[one][word], one.value == shown.get("appraised_scores_shown")) for one in ScoresShown],
        "allowed": [(one.value, OBSTACLES[one][word], f"allowed-{one.value}" in shown) for one in _ALLOWABLE],
    }


def _tie_choices(visitor: Visitor, measured: Sequence[MeasuredUnit]) -> list[tuple[str, str]]:
    """Return what may break ties: nothing, all points together, or a field of the criteria that units are measured by."""
    fields = {node.key: f"{node.key} {node.title}" for unit in measured for node in unit.scope.criteria.fields}
    return [("", visitor.say("không có")), ("points", visitor.say("tổng điểm")), *fields.items()]


def rules_given(given: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings of a form: numbers may have a comma, a band is a line `name | least`, keys stand between spaces."""
    bands = [line.rpartition("|") for line in given.get("bands", "").splitlines() if line.strip()]
    plain: dict[str, Any] = {name: given[name].replace(",", ".") for name in ("cap", "floor", "weak_below") if name in given}
    kept = ("ties", "bands_by", "decimals", "appraised_scores_shown", "reason", "basis")
    return {
        **plain,
        **{name: given[name] for name in kept if name in given},
        "survey_held": "survey_held" in given,
        "everywhere": "everywhere" in given,
        "tie_keys": given.get("tie_keys", "").split(),
        "unranked": given.get("unranked", "").split(),
        "bands": [{"name": name.strip(), "least": least.strip().replace(",", ".")} for name, _, least in bands],
        "allowed": [one.value for one in _ALLOWABLE if f"allowed-{one.value}" in given],
    }
