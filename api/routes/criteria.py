"""Criteria sets: read, compared, exported; taken in, corrected, copied, led; pinned for a cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from api.asking import HasServed, Now
from api.changing.cycles import MayChangeCycle
from api.changing.doing import IfMatch, Work
from api.changing.idempotency import answer_of
from api.changing.people import ChangingPeople, MayAddPeople
from api.doors.signing_in import SignedIn
from api.languages import Spoken
from api.problems.errors import ChangedError
from api.routes.evidence import disposition
from api.routes.obligations import Key
from api.whose import Whose, authority_asked, require_on_authority
from api.wire.criteria import (
    CheckedOut,
    CorrectionIn,
    CriteriaCopyIn,
    CriteriaFileIn,
    CriteriaIn,
    CriteriaListOut,
    CriteriaOut,
    DifferenceOut,
    DifferencesOut,
    LeadIn,
    PinIn,
    PinListOut,
    PinnedOut,
    PinOut,
    VersionOut,
)
from api.wire.described import OF_A_CYCLE, of_a_change, of_a_look, problems
from api.wire.etags import etag_of_content, matches
from config.criteria_files import ReadCriteria, read_uploaded
from config.criteria_writing import criteria_workbook, criteria_yaml
from evaluation.criteria.checks import findings_of
from evaluation.criteria.differences import compare
from evaluation.criteria.sets import leaves
from evaluation.rights import Action
from store.commands.criteria.leading import name_lead
from store.commands.criteria.pinning import pin
from store.commands.criteria.versions import Copy, copy, correct, take_in
from store.commands.people import today
from store.criteria import load_criteria
from store.queries.criteria import party_keys_of, pins_of_authority, pins_of_cycle, version_named, versions_of
from store.queries.health import answering
from store.queries.rights import authority_resource, cycle_resource
from store.rights import authority_today
from store.years import NoSuchCycleError

if TYPE_CHECKING:
    from datetime import datetime

    from api.asking import Served
    from api.doors.signing_in import Person
    from store.idempotency import Answer
    from store.queries.criteria import VersionLine
    from store.queries.health import View
    from store.queries.people import AuthorityFacts
    from store.session import Store, Transaction

router = APIRouter(tags=["criteria"])
Name = Annotated[Key, Path(alias="key", description="Mã của bộ tiêu chí / the set's key", examples=["nghe-an-3323-so"])]


class Which(Whose):
    """Whose, and which version."""

    version: Annotated[int | None, Field(ge=1, le=999_999)] = None
    """The version's number; else the newest."""


class AsFile(Which):
    """Which version, as which kind of file."""

    kind: Literal["xlsx", "yaml"] = "xlsx"
    """Which kind of file."""


class Against(Which):
    """Which version, compared with which."""

    before: Key = Field(default="", examples=["nghe-an-3323-so/1"])
    """The earlier one: a set's key, or `key/version`; else the version before."""


_FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml",
}
_OF_A_FILE = problems(401, 403, 404, 422, about="authority")


def named(key: str, version: int | None) -> str:
    """Return how a version is named."""
    return f"{key}/{version}" if version else key


def _reading(view: View, person: Person, key: str, *, now: datetime) -> AuthorityFacts:
    """Return the authority that is asked for; NotAllowedError."""
    authority = authority_asked(view, person, key)
    require_on_authority(view, person, Action.READ_CRITERIA, authority=authority.id, now=now)
    return authority


@router.get("/criteria", responses=of_a_look("authority"))
def list_criteria(asked: Annotated[Whose, Query()], person: SignedIn, served: HasServed, now: Now) -> CriteriaListOut:
    """The criteria sets of an authority, every version, and what its cycles use and used."""
    with answering(served.store) as connection:
        authority = _reading(connection, person, asked.authority, now=now)
        versions, pins = versions_of(connection, authority.id), pins_of_authority(connection, authority.id)
    return CriteriaListOut(
        authority=authority.key,
        versions=[VersionOut.model_validate(one) for one in versions],
        pins=[PinOut.model_validate(one) for one in pins],
    )


@router.get("/criteria/{key}", responses=of_a_look("criteria"))
def read_criteria_set(  # noqa: PLR0913  what FastAPI hands in
    key: Name, asked: Annotated[Which, Query()], person: SignedIn, served: HasServed, *, now: Now, response: Response
) -> CriteriaOut:
    """A version of a criteria set with its tree, and who leads each node today; `ETag`."""
    with answering(served.store) as connection:
        authority = _reading(connection, person, asked.authority, now=now)
        line = version_named(connection, authority.id, named(key, asked.version))
        shown = version_shown(served.store, connection, line, authority=authority.id, now=now)
    response.headers["ETag"] = set_etag(shown)
    return shown


def version_shown(store: Store, connection: View, line: VersionLine, *, authority: int, now: datetime) -> CriteriaOut:
    """Return a version as it is today."""
    criteria = load_criteria(store, connection, line.id)
    on = authority_today(connection, authority, now=now)
    findings = [finding.text() for finding in findings_of(criteria)]
    return CriteriaOut.of(VersionOut.model_validate(line), criteria, today=on, findings=findings)


def set_etag(shown: CriteriaOut) -> str:
    """Return the ETag of a version: another tree or another lead has another one."""
    return etag_of_content(shown.model_dump_json().encode())


@router.get(
    "/criteria/{key}/file",
    response_class=Response,
    responses={200: {"content": _FILE, "description": "Tệp / the file"}, **of_a_look("criteria")},
)
def export_criteria(key: Name, asked: Annotated[AsFile, Query()], person: SignedIn, served: HasServed, now: Now) -> Response:
    """A version as a file that can be taken in again with the same meaning."""
    with answering(served.store) as connection:
        authority = _reading(connection, person, asked.authority, now=now)
        criteria = load_criteria(served.store, connection, version_named(connection, authority.id, named(key, asked.version)).id)
    body = criteria_workbook(criteria) if asked.kind == "xlsx" else criteria_yaml(criteria).encode()
    return Response(body, media_type=_KINDS[asked.kind], headers={"Content-Disposition": disposition(f"{key}.{asked.kind}")})


@router.get("/criteria/{key}/differences", responses=of_a_look("criteria"))
def compare_criteria(key: Name, asked: Annotated[Against, Query()], person: SignedIn, served: HasServed, now: Now) -> DifferencesOut:
    """What a version adds, drops, moves and says otherwise than another set or version."""
    with answering(served.store) as connection:
        authority = _reading(connection, person, asked.authority, now=now)
        line = version_named(connection, authority.id, named(key, asked.version))
        earlier = version_named(connection, authority.id, asked.before or named(key, max(1, line.number - 1)))
        old, new = (load_criteria(served.store, connection, one.id) for one in (earlier, line))
    return DifferencesOut(items=[DifferenceOut.model_validate(one) for one in compare(old, new).differences])


def read_sent(served: Served, authority: int, asked: CriteriaFileIn) -> ReadCriteria:
    """Return the set of a file that was sent; CriteriaError."""
    with answering(served.store) as connection:
        parties = party_keys_of(connection, authority)
    name, content = asked.file
    return read_uploaded(content, name=name, parties=parties)


@router.post("/criteria/check", response_model=CheckedOut, responses=_OF_A_FILE)
def check_criteria(asked: CriteriaFileIn, changing: MayAddPeople, language: Spoken) -> Response:
    """Whether a file can be read, and what in it does not add up. Nothing is kept."""

    def work(transaction: Transaction) -> Answer:
        _authorise(changing, transaction)
        read = read_sent(changing.served, changing.authority.id, asked)
        said = [finding.text(language.value) for finding in read.findings]
        return answer_of(CheckedOut(key=read.criteria.key, title=read.criteria.title, leaves=len(leaves(read.criteria)), findings=said))

    return changing.look(work)


def _authorise(changing: ChangingPeople, transaction: Transaction) -> None:
    changing.authorise(transaction, Action.CHANGE_CRITERIA, authority_resource(transaction.connection, changing.authority.id))


@router.post("/criteria", response_model=CriteriaOut, responses=of_a_change("criteria"))
def import_criteria(asked: CriteriaIn, changing: MayAddPeople, if_match: IfMatch = "") -> Response:
    """Take in a set; a draft of the same key is replaced, and then `If-Match` is its `ETag`."""
    whose = changing.authority.id

    def work(transaction: Transaction) -> Answer:
        _authorise(changing, transaction)
        read = read_sent(changing.served, whose, asked)
        if versions_of(transaction.connection, whose, key=read.criteria.key):
            _require_unchanged(changing, transaction, read.criteria.key, if_match)
        return _done(changing, transaction, take_in(transaction, whose, read, accept=asked.accept, decision=asked.decision))

    return changing.change(work)


@router.post("/criteria/{key}/correct", response_model=CriteriaOut, responses=of_a_change("criteria"))
def correct_criteria(key: Name, asked: CorrectionIn, changing: MayAddPeople, if_match: IfMatch = "") -> Response:
    """Correct a published set (đính chính): its next version, under number and date of the decision that corrects."""

    def work(transaction: Transaction) -> Answer:
        _authorise(changing, transaction)
        _require_unchanged(changing, transaction, key, if_match)
        read = read_sent(changing.served, changing.authority.id, asked)
        facts = {"decision": asked.decision, "reason": asked.reason, "accept": asked.accept}
        return _done(changing, transaction, correct(transaction, changing.authority.id, read.named(key), **facts))  # type: ignore[arg-type]

    return changing.change(work)


@router.post("/criteria/{key}/copy", response_model=CriteriaOut, status_code=201, responses=of_a_change("criteria", success=201))
def copy_criteria(key: Name, asked: CriteriaCopyIn, changing: MayAddPeople) -> Response:
    """Copy a version as a new draft: last year's set for this year."""

    def work(transaction: Transaction) -> Answer:
        _authorise(changing, transaction)
        to, on = Copy(key=asked.key, title=asked.title, year=asked.year), today(transaction, changing.authority)
        made = copy(changing.store, transaction, changing.authority.id, named(key, asked.version), to=to, today=on)
        return _done(changing, transaction, made, status=201)

    return changing.change(work)


@router.post("/criteria/{key}/lead", response_model=CriteriaOut, responses=of_a_change("criteria"))
def lead_criteria(key: Name, asked: LeadIn, changing: MayAddPeople, if_match: IfMatch = "") -> Response:
    """Say who leads a node and what is under it, from a day to a day."""

    def work(transaction: Transaction) -> Answer:
        _authorise(changing, transaction)
        _require_unchanged(changing, transaction, key, if_match)
        whose = changing.authority.id
        led = name_lead(changing.store, transaction, whose, key, node=asked.node, lead=asked.lead, remark=asked.remark)
        return _done(changing, transaction, led)

    return changing.change(work)


def _require_unchanged(changing: ChangingPeople, transaction: Transaction, key: str, if_match: str) -> None:
    """Compare the newest version with what the asker saw."""
    matches(if_match, etag="")
    line = version_named(transaction.connection, changing.authority.id, key)
    shown = version_shown(changing.store, transaction.connection, line, authority=changing.authority.id, now=changing.now)
    if not matches(if_match, etag=set_etag(shown)):
        raise ChangedError(shown, name="criteria", etag=set_etag(shown))


def _done(changing: ChangingPeople, transaction: Transaction, line: VersionLine, *, status: int = 200) -> Answer:
    shown = version_shown(changing.store, transaction.connection, line, authority=changing.authority.id, now=changing.now)
    return answer_of(shown, status=status, ETag=set_etag(shown))


@router.get("/cycles/{id}/criteria", responses=of_a_look("cycle"))  # noqa: FAST003  the parameter has its name as an alias
def list_pins(cycle: Work, person: SignedIn, served: HasServed, now: Now) -> PinListOut:
    """Which versions a cycle uses and used, by unit group."""
    with answering(served.store) as connection:
        whose = cycle_resource(connection, cycle).authority
        if whose not in person.authorities:
            raise NoSuchCycleError(cycle)
        require_on_authority(connection, person, Action.READ_CRITERIA, authority=whose, now=now)
        pins = pins_of_cycle(connection, cycle)
    return PinListOut(items=[PinOut.model_validate(one) for one in pins])


@router.post("/cycles/{id}/criteria", response_model=PinnedOut, responses=OF_A_CYCLE)  # noqa: FAST003  the parameter has its name as an alias
def pin_criteria(asked: PinIn, changing: MayChangeCycle) -> Response:
    """Let a cycle use a published version for a unit group; another one later takes a reason and a document. `If-Match`: of the cycle."""

    def act(transaction: Transaction) -> PinnedOut:
        done = pin(changing.store, transaction, changing.cycle, group=asked.group, name=asked.criteria, remark=asked.remark)
        return PinnedOut(pin=PinOut.model_validate(done.pin), items=done.items, orphans=done.orphans)

    return changing.change_cycle(Action.PIN_CRITERIA, act)
