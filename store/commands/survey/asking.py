"""What is asked, of whom: question sets of a cycle, the sample plan, codes and papers handed out."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from config.survey_files import parse_survey
from evaluation.scores.ballots import Mode, Sample, question_faults, sample_plan
from evaluation.scores.faults import require
from store.commands.survey.held import SurveyRefusedError, note, open_survey, running_survey
from store.schema import BALLOT, SURVEY_CODE, SURVEY_FORM, SURVEY_SAMPLE
from store.score_refusals import refusing
from store.survey import samples_of, surveyed_groups, surveyed_units, text_digest, unit_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.commands.survey.held import OpenSurvey
    from store.session import Store, Transaction

#: Codes are made at once of one unit and group; more are asked for again.
MOST_CODES = 1000
#: No 0, 1, I, O: a code is also typed from paper.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 16


def take_questions(store: Store, transaction: Transaction, cycle: int, text: str, *, file: str = "survey.yaml") -> int:
    """
    Let a cycle ask these question sets from now on, and return the number of the version; the same again changes nothing.

    Raises:
        SurveyError: the text has faults, by line.
        SheetFaultsError: the questions do not fit the criteria: a leaf of no survey, points that miss a leaf's maximum.
        SurveyRefusedError: no criteria with leaves of the survey are pinned, or ballots were handed out with the version before.

    """
    year = running_survey(store, transaction, cycle)
    read = parse_survey(text, file=file)
    groups = surveyed_groups(store, transaction.connection, year)
    if not groups:
        vi = "chưa ghim bộ tiêu chí nào có mục chấm bằng điều tra xã hội học cho năm này; ghim trước: `dondoc criteria pin`"
        raise SurveyRefusedError(
            vi, "no criteria set with leaves of the survey is pinned for the year; pin one first: `dondoc criteria pin`"
        )
    with refusing():
        require(fault for group, criteria in groups.items() for fault in question_faults(read.sets, criteria, group=group))
    digest = text_digest(text)
    query = select(SURVEY_FORM.c.number, SURVEY_FORM.c.sha256).where(SURVEY_FORM.c.cycle_id == cycle)
    last = transaction.connection.execute(query.order_by(SURVEY_FORM.c.number.desc()).limit(1)).one_or_none()
    if last is not None and last.sha256 == digest:
        return int(last.number)
    _require_nothing_out(transaction, cycle)
    number = 1 if last is None else last.number + 1
    row = {
        "cycle_id": cycle,
        "number": number,
        "key": read.key,
        "title": read.title,
        "yaml": text,
        "sha256": digest,
        "at": transaction.now,
        "contact_id": transaction.actor.contact,
    }
    transaction.connection.execute(insert(SURVEY_FORM).values(row))
    note(transaction, year, "ask-survey", form=number, content=digest)
    return number


def _require_nothing_out(transaction: Transaction, cycle: int) -> None:
    """Raise SurveyRefusedError once ballots are on their way: they answer the version that was printed on them."""
    out = select(SURVEY_CODE.c.hash).where(SURVEY_CODE.c.cycle_id == cycle)
    back = select(BALLOT.c.key).where(BALLOT.c.cycle_id == cycle)
    if any(transaction.connection.execute(query.limit(1)).first() for query in (out, back)):
        vi = "phiếu đã phát ra theo bộ câu hỏi đang dùng; không đổi câu hỏi giữa chừng"
        raise SurveyRefusedError(vi, "ballots are out with the question sets in use; they do not change in between")


def plan_by_numbers(store: Store, transaction: Transaction, cycle: int, quotas: Mapping[str, int], *, mode: Mode = Mode.DIRECT) -> int:
    """Plan so many ballots per unit for each group of respondents; returns and raises as `plan_sample`."""
    survey = open_survey(store, transaction, cycle)
    units = surveyed_units(survey.year, survey.form)
    lines = [
        sample
        for respondents, planned in quotas.items()
        for asked in [survey.named(respondents)]
        for sample in sample_plan(
            (unit for unit, group in units.items() if not asked.about or group in asked.about), {asked.respondents: planned}, mode=mode
        )
    ]
    return _keep_plan(transaction, survey, lines)


def plan_sample(store: Store, transaction: Transaction, cycle: int, samples: Sequence[Sample]) -> int:
    """
    Plan these ballots in place of the plan before, and return how many in all; what was handed out stays.

    Raises:
        SurveyRefusedError: the survey takes no ballots, or a group is not asked about a unit.

    """
    survey = open_survey(store, transaction, cycle)
    for sample in samples:
        survey.unit(sample.unit, asked=survey.named(sample.respondents))
    return _keep_plan(transaction, survey, samples)


def _keep_plan(transaction: Transaction, survey: OpenSurvey, samples: Sequence[Sample]) -> int:
    cycle, ids = survey.year.cycle, survey.year.people.ids
    before = {(one.unit, one.respondents, one.mode): one for one in samples_of(transaction.connection, cycle, keys=unit_keys(survey.year))}
    new = {(one.unit, one.respondents, one.mode): one.planned for one in samples}
    transaction.connection.execute(delete(SURVEY_SAMPLE).where(SURVEY_SAMPLE.c.cycle_id == cycle))
    rows = [
        {
            "cycle_id": cycle,
            "unit_id": ids[key[0]],
            "respondents": key[1],
            "mode": key[2].value,
            "planned": new.get(key, 0),
            "issued": before[key].issued if key in before else 0,
        }
        for key in sorted(new.keys() | {key for key, one in before.items() if one.issued})
    ]
    if rows:
        transaction.connection.execute(insert(SURVEY_SAMPLE), rows)
    planned = sum(new.values())
    note(transaction, survey.year, "plan-sample", lines=len(new), planned=planned)
    return planned


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Ballots to be handed out at once."""

    unit: str  #: key of whom they are about
    respondents: str  #: the group of respondents, or the key of its question set
    count: int
    from_unit: str = ""  #: key of where the respondents work, where it is known


def issue_codes(store: Store, transaction: Transaction, cycle: int, batch: Batch) -> list[str]:
    """
    Make codes that each open one ballot about a unit, once; they are shown now and never again: their hashes alone are kept.

    Raises:
        SurveyRefusedError: the survey takes no ballots; no such group; the unit is not asked about, or is the respondents' own; too many.

    """
    survey = open_survey(store, transaction, cycle)
    asked = survey.named(batch.respondents)
    about = survey.unit(batch.unit, asked=asked)
    works_at = survey.workplace(batch.from_unit, about=about)
    _require_count(batch.count)
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH)) for _ in range(batch.count)]
    rows = [
        {
            "hash": code_hash(code),
            "cycle_id": cycle,
            "unit_id": about,
            "question_set": asked.key,
            "from_unit_id": works_at,
            "used": False,
        }
        for code in sorted(codes)
    ]
    transaction.connection.execute(insert(SURVEY_CODE), rows)
    _hand_out(transaction, survey, unit=about, respondents=asked.respondents, mode=Mode.ONLINE, count=batch.count)
    note(transaction, survey.year, "issue-ballots", unit=about, set=asked.key, mode=Mode.ONLINE.value, count=batch.count)
    return ["-".join(code[start : start + 4] for start in range(0, _CODE_LENGTH, 4)) for code in codes]


def hand_out(store: Store, transaction: Transaction, cycle: int, batch: Batch) -> None:
    """Write down that so many papers were handed out about a unit; raises as `issue_codes`."""
    survey = open_survey(store, transaction, cycle)
    asked = survey.named(batch.respondents)
    about = survey.unit(batch.unit, asked=asked)
    _require_count(batch.count)
    _hand_out(transaction, survey, unit=about, respondents=asked.respondents, mode=Mode.DIRECT, count=batch.count)
    note(transaction, survey.year, "issue-ballots", unit=about, set=asked.key, mode=Mode.DIRECT.value, count=batch.count)


def count_as_issued(transaction: Transaction, survey: OpenSurvey) -> None:
    """Let a ballot that came back count as handed out, also where nobody wrote that down."""
    asked = {one.key: one.respondents for one in survey.form.questions.sets}
    where = BALLOT.c.cycle_id == survey.year.cycle
    kinds = (BALLOT.c.unit_id, BALLOT.c.question_set, BALLOT.c.mode)
    back: Counter[tuple[int, str, str]] = Counter()
    for unit, key, mode, count in transaction.connection.execute(select(*kinds, func.count()).where(where).group_by(*kinds)).tuples():
        back[unit, asked[key], mode] += count
    lines = (SURVEY_SAMPLE.c.unit_id, SURVEY_SAMPLE.c.respondents, SURVEY_SAMPLE.c.mode, SURVEY_SAMPLE.c.issued)
    out = transaction.connection.execute(select(*lines).where(SURVEY_SAMPLE.c.cycle_id == survey.year.cycle)).tuples()
    for (unit, group, mode), more in (back - Counter({(unit, group, mode): issued for unit, group, mode, issued in out})).items():
        _hand_out(transaction, survey, unit=unit, respondents=group, mode=Mode(mode), count=more)


def code_hash(code: str) -> str:
    """Return what is kept of a code, however it was typed: small letters, spaces and hyphens are of no matter."""
    plain = "".join(character for character in code.upper() if character.isascii() and character.isalnum())
    return text_digest(plain)


def _require_count(count: int) -> None:
    if not 1 <= count <= MOST_CODES:
        vi, en = f"mỗi lần phát từ 1 đến {MOST_CODES} phiếu", f"from 1 to {MOST_CODES} ballots at a time"
        raise SurveyRefusedError(vi, en, field="count")


def _hand_out(transaction: Transaction, survey: OpenSurvey, *, unit: int, respondents: str, mode: Mode, count: int) -> None:  # noqa: PLR0913  a row's key
    line = {"cycle_id": survey.year.cycle, "unit_id": unit, "respondents": respondents, "mode": mode.value}
    where = [SURVEY_SAMPLE.c[name] == value for name, value in line.items()]
    more = update(SURVEY_SAMPLE).where(*where).values(issued=SURVEY_SAMPLE.c.issued + count)
    if not transaction.connection.execute(more).rowcount:
        transaction.connection.execute(insert(SURVEY_SAMPLE).values(**line, planned=0, issued=count))
