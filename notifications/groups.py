"""Groups: the lists of a mail that says several things, of a digest, and the counts that its subject gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from evaluation.kinds import MessageKind, manner
from notifications.group_names import group_name, units_of_group
from notifications.letters import Language
from notifications.phrases import HEADINGS, LETTERS, pick, repair_name, subject_name
from notifications.sheets import Sheet, one_line, sheet_of
from notifications.wording import counted, full_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluation.papers import WaitingPapers
    from notifications.letters import Digest, DigestLine, DigestList, GroupCount, Item, Letter

MOST_LINES = 50
#: What a subject counts, in this order.
BUCKETS: dict[str, tuple[str, str]] = {
    "late": ("quá hạn", "overdue"),
    "today": ("đến hạn hôm nay", "due today"),
    "soon": ("sắp đến hạn", "due soon"),
    "returned": ("trả lại để bổ sung", "returned"),
    "review": ("chờ xem xét", "awaiting review"),
    "new": ("mới", "new"),
    "other": ("thông báo khác", "other"),
}
_BUCKET_OF_KIND = {
    MessageKind.REMINDER_BEFORE_DUE: "soon",
    MessageKind.DUE_TODAY: "soon",
    MessageKind.CORRECTION_REMINDER: "soon",
    MessageKind.REVIEW_DUE: "soon",
    MessageKind.VOTE_ASKED: "soon",
    MessageKind.URGED: "soon",
    MessageKind.RETURNED_FOR_CORRECTION: "returned",
    MessageKind.RECEIVED: "review",
    MessageKind.STAGE_OPENED: "new",
}
#: Lists for those who look over many units.
_COUNTED_BY_GROUP = frozenset({MessageKind.ESCALATION_CHAIR, MessageKind.ESCALATION_STANDING_BODY})


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A headed list; `rest` more are not shown."""

    heading: str
    total: int
    lines: tuple[str, ...]
    rest: int = 0


def counts(items: Sequence[Item], *, language: Language) -> str:
    """Return what a merged mail holds: `2 quá hạn, 1 đến hạn hôm nay, 4 sắp đến hạn`."""
    found = Counter(_bucket(item) for item in items)
    return ", ".join(f"{found[name]} {pick(words, language=language)}" for name, words in BUCKETS.items() if found[name])


def _bucket(item: Item) -> str:
    timing = item.timing
    if timing is not None and timing.overdue:
        return "late"
    if timing is not None and timing.days_left == 0:
        return "today"
    return _BUCKET_OF_KIND.get(item.kind, "other")


def grouped(letter: Letter) -> tuple[Group, ...]:
    """Return a letter's items under the heading of their kind, most urgent first, fifty lines in all."""
    left, language = MOST_LINES, letter.language
    groups = []
    ordered = sorted(letter.items, key=lambda item: (-manner(item.kind).urgency, item.kind.value))
    for kind, chosen in groupby(ordered, key=lambda item: item.kind):
        of_kind = list(chosen)
        lines = tuple(item_line(sheet_of(item, letter=letter), language=language) for item in of_kind[:left])
        left -= len(lines)
        heading = pick(HEADINGS[kind], language=language)
        if kind in _COUNTED_BY_GROUP and (whose := _units_by_group(of_kind, language=language)):
            heading = f"{heading}: {whose}"
        groups.append(Group(heading=heading, total=len(of_kind), lines=lines, rest=len(of_kind) - len(lines)))
    return tuple(groups)


def item_line(sheet: Sheet, *, language: Language) -> str:
    """Return one line of a merged mail: who, what, by when, how late, why."""
    vi = language is Language.VI
    name = sheet.repair or (sheet.what if sheet.owes or not sheet.party else f"{sheet.party}: {sheet.what}") or sheet.plan
    return "; ".join([name, *_when_of(sheet, vi=vi), *_why_of(sheet, vi=vi)])


def _when_of(sheet: Sheet, *, vi: bool) -> Iterator[str]:
    when = sheet.when
    if when.due_short:
        yield f"{'hạn' if vi else 'due'} {when.due_short}" + (f" ({when.left})" if when.left else "")
    if sheet.old_due:
        yield f"{'hạn cũ' if vi else 'before'}: {sheet.old_due}"


def _why_of(sheet: Sheet, *, vi: bool) -> Iterator[str]:
    if sheet.reason:
        yield f"{'lý do' if vi else 'reason'}: {sheet.reason}"
    yield from (f"{part}: {words}" for part, words in sheet.remarks)


def digest_groups(digest: Digest, *, language: Language) -> tuple[Group, ...]:
    """Return the digest's lists; an empty one is left out."""
    vi = language is Language.VI
    by_group = tuple(group_line(one, language=language) for one in digest.groups)
    heads = (Group(heading="Theo nhóm đơn vị" if vi else "By group of units", total=len(by_group), lines=by_group),) if by_group else ()
    lists = (
        ("Quá hạn" if vi else "Overdue", digest.late),
        ("Quá hạn bổ sung" if vi else "Correction overdue", digest.uncorrected),
        ("Chờ xem xét" if vi else "Awaiting review", digest.awaiting_review),
        ("Việc cần xử lý" if vi else "To be repaired", digest.repairs),
    )
    found = [_digest_group(heading, some, language=language) for heading, some in lists if some.total]
    if digest.to_sign:
        total, lines = _to_sign(digest), tuple(paper_line(one, language=language) for one in digest.to_sign)
        found.append(Group(heading="Văn bản chờ ký" if vi else "Papers to be signed", total=total, lines=lines))
    return (*heads, *found)


def _to_sign(digest: Digest) -> int:
    return sum(one.number for one in digest.to_sign)


def paper_line(one: WaitingPapers, *, language: Language) -> str:
    """Return `Công văn đôn đốc: 2 văn bản, về 7 đơn vị của khối Sở, ban, ngành`."""
    number = f"{one.number} văn bản" if language is Language.VI else str(one.number)
    units = "; ".join(units_of_group(units, group, language=language) for group, units in one.units)
    about = (", về " if language is Language.VI else ", about ") + units if units else ""
    return f"{pick(LETTERS[one.purpose.value], language=language)}: {number}{about}"


def group_line(one: GroupCount, *, language: Language) -> str:
    """Return `7 đơn vị của khối Sở, ban, ngành quá hạn 9 việc; 2 việc trả lại chưa khắc phục; 3 tồn tại chưa kết thúc`."""
    vi = language is Language.VI
    whose = units_of_group(one.late_units, one.group, language=language)
    parts = [f"{whose} quá hạn {one.late} việc" if vi else f"{whose} overdue with {one.late}"]
    if not one.late:
        parts = []
    if one.uncorrected:
        parts.append(f"{one.uncorrected} việc trả lại chưa khắc phục" if vi else f"{one.uncorrected} returned and not corrected")
    if one.findings:
        parts.append(f"{one.findings} tồn tại chưa kết thúc" if vi else f"{one.findings} open findings")
    name = group_name(one.group, language=language)
    return "; ".join(parts) if one.late else f"{f'khối {name}' if vi else name}: {'; '.join(parts)}"


def _units_by_group(items: Sequence[Item], *, language: Language) -> str:
    """Return how many units of each ranking group a list is about; empty where the groups are not known or there is one unit only."""
    units: dict[str, set[int | None]] = {}
    for item in items:
        if item.group:
            units.setdefault(item.group, set()).add(item.party_id)
    if sum(map(len, units.values())) < 2:  # noqa: PLR2004  one unit is named by its line
        return ""
    found = sorted(units.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return "; ".join(units_of_group(len(parties), group, language=language) for group, parties in found)


def _digest_group(heading: str, found: DigestList, *, language: Language) -> Group:
    lines = tuple(digest_line(line, language=language) for line in found.lines)
    return Group(heading=heading, total=found.total, lines=lines, rest=found.rest)


def digest_line(line: DigestLine, *, language: Language) -> str:
    """Return one line of the digest: unit, stage, by when, how late."""
    if line.repair is not None:
        return one_line(repair_name(line.repair, language=language))
    vi = language is Language.VI
    title = line.title if vi else line.title_en
    what = ", ".join(part for part in (title, subject_name(line.subject, language=language)) if part)
    due = "" if line.due_on is None else f"; {'hạn' if vi else 'due'} {full_date(line.due_on, language=language)}"
    late = counted(line.days_late, language=language) if line.days_late else ""
    how = "" if not late else (f" (quá hạn {late})" if vi else f" ({late} overdue)")
    return one_line(f"{line.party}: {what}{due}{how}")


def digest_counts(digest: Digest, *, language: Language) -> str:
    """Return the digest's totals: `2 quá hạn, 1 quá hạn bổ sung, 3 chờ xem xét, 1 cần xử lý, 2 văn bản chờ ký`; a zero is left out."""
    words = (
        (digest.late.total, ("quá hạn", "overdue")),
        (digest.uncorrected.total, ("quá hạn bổ sung", "correction overdue")),
        (digest.awaiting_review.total, ("chờ xem xét", "awaiting review")),
        (digest.repairs.total, ("cần xử lý", "to be repaired")),
        (_to_sign(digest), ("văn bản chờ ký", "papers to be signed")),
    )
    return ", ".join(f"{number} {pick(word, language=language)}" for number, word in words if number)


def mail_counts(digest: Digest, *, language: Language) -> str:
    """Return how many mails need somebody: `2 đang giữ, 1 chưa rõ kết quả`; empty if none does."""
    words = (
        (digest.held, ("đang giữ", "held")),
        (digest.unknown, ("chưa rõ đã gửi được hay chưa", "not known to have arrived")),
        (digest.refused, ("bị từ chối", "refused")),
    )
    return ", ".join(f"{number} {pick(word, language=language)}" for number, word in words if number)
