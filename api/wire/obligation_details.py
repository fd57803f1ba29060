"""One obligation as the API shows it: its history, its files, and what may be done with it now and why the rest may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.wire.reading import (
    FileOut,
    MayOut,
    ObligationDetailOut,
    RemarkOut,
    RoundOut,
    RungOut,
    SubmissionOut,
    TermOut,
    WishOut,
)
from evaluation.rights import Action
from notifications.phrases import pick
from store.queries.names import keys_of
from store.queries.obligation_history import MayLine, TermLine, history_of, what_may_be_done
from store.queries.unit_work import ReturnLine, evidence_of, extension_requests, returns_of, submissions_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from evaluation.rights import ActorFacts
    from notifications.letters import Language
    from store.queries.health import View
    from store.queries.names import Keys
    from store.queries.obligations import ObligationLine
    from store.session import Store

_NOT_IN_THIS_STATE = (
    "nghĩa vụ đang ở trạng thái “{vi}”{vi_suspended}, không thực hiện được việc này",
    "the obligation is “{en}”{en_suspended}, which does not take it",
)


def read_detail(  # noqa: PLR0913 -- who asks, when, in which language
    store: Store, connection: View, line: ObligationLine, *, facts: ActorFacts, now: datetime, language: Language
) -> ObligationDetailOut:
    """Return an obligation that may be read, as it is shown; the number of queries does not grow with its history."""
    history = history_of(connection, line.id)
    may = what_may_be_done(store, connection, facts, history.obligation, now=now)
    names = keys_of(
        connection,
        contacts=[one.verdict.deputy_of for one in may if one.verdict.deputy_of is not None],
        parties=[one.verdict.on_behalf_of for one in may if one.verdict.on_behalf_of is not None],
    )
    files = None
    if any(one.action is Action.DOWNLOAD and one.verdict.allowed for one in may):
        files = [FileOut.model_validate(one) for one in evidence_of(connection, line.id)]
    return ObligationDetailOut.of(
        line,
        assignee=history.assignee,
        terms=[_term(one) for one in history.terms],
        rounds_of_correction=[_round(one) for one in returns_of(connection, line.id)],
        submissions=[SubmissionOut.model_validate(one) for one in submissions_of(connection, line.id)],
        extension_requests=[WishOut.model_validate(one) for one in extension_requests(connection, obligation=line.id)],
        evidence=files,
        may=_may(may, line, names=names, language=language),
    )


def _term(line: TermLine) -> TermOut:
    term = line.term
    rungs = [RungOut.model_validate({**vars(one), "told": list(one.told)}) for one in line.rungs]
    facts = {name: getattr(term, name) for name in TermOut.model_fields if name not in {"granted_by", "rungs"}}
    return TermOut(**facts, granted_by=line.granted_by, rungs=rungs)


def _round(line: ReturnLine) -> RoundOut:
    remarks = [RemarkOut(item=item, words=words) for item, words in line.items]
    return RoundOut(round=line.round, at=line.at, reason=line.reason, basis=line.basis, items=remarks)


def _may(lines: Sequence[MayLine], line: ObligationLine, *, names: Keys, language: Language) -> list[MayOut]:
    return [
        MayOut(
            action=one.action,
            allowed=one.verdict.allowed and one.possible,
            permitted=one.verdict.allowed,
            deputy_of=names.contacts.get(one.verdict.deputy_of or 0, ""),
            on_behalf_of=names.parties.get(one.verdict.on_behalf_of or 0, ""),
            code=one.verdict.why,
            why=_why(one, line, language=language),
        )
        for one in lines
    ]


def _why(one: MayLine, line: ObligationLine, *, language: Language) -> str:
    if not one.verdict.allowed:
        return pick((one.verdict.vi, one.verdict.en), language=language)
    if one.possible:
        return ""
    vi_suspended, en_suspended = (", đang tạm dừng tính hạn", ", its clock suspended") if line.suspended else ("", "")
    words = pick(_NOT_IN_THIS_STATE, language=language)
    return words.format(vi=line.status.vi, en=line.status.en, vi_suspended=vi_suspended, en_suspended=en_suspended)
