"""
Who may ask for which address: every route of the API, and the right that it takes.

The commands ask the policy themselves; this table says of which action and of what, so that the document says it too and a test can try
every role at every address. A route without a rule fails the suite.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evaluation.rights_table import Action
from evaluation.rights_words import ACTIONS


class On(StrEnum):
    """What a right is asked on."""

    PUBLIC = "public"  #: nobody need be signed in
    SELF = "self"  #: about the account that asks
    NARROWED = "narrowed"  #: a list for everybody who is signed in, of what they may read
    OBLIGATION = "obligation"
    EACH = "each"  #: every obligation that is named, each by itself
    EVIDENCE = "evidence"  #: the obligation that it is evidence of
    CYCLE = "cycle"
    PAPER = "paper"  #: its cycle; of one without, its authority
    CONTACT = "contact"  #: the authority; where it is asked for a deputy, also the contact's own unit
    AUTHORITY = "authority"
    MESSAGE = "message"  #: the authority that sent it; also its recipient, where one reads
    PEOPLE = "people"  #: the authority; or else one's own unit


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The right that a route takes."""

    on: On
    action: Action | None = None

    @property
    def words(self) -> str:
        """The rule as the document says it."""
        if self.action is None:
            return _PLAIN[self.on]
        vi, en = ACTIONS[self.action]
        return f"`{self.action.value}` ({vi} / {en}): {self.on.value}"


_PLAIN = {
    On.PUBLIC: "ai cũng dùng được / anybody",
    On.SELF: "người đã đăng nhập, về chính mình / whoever is signed in, about oneself",
    On.NARROWED: "người đã đăng nhập, những gì được xem / whoever is signed in, of what they may read",
}
_A = Action
_PUBLIC, _SELF = Rule(on=On.PUBLIC), Rule(on=On.SELF)


def _of_obligation(*actions: Action) -> dict[str, Rule]:
    return {f"POST /obligations/{{id}}/{action.value}": Rule(on=On.OBLIGATION, action=action) for action in actions}


def _of_cycle(*actions: Action) -> dict[str, Rule]:
    return {f"POST /cycles/{{id}}/{action.value}": Rule(on=On.CYCLE, action=action) for action in actions}


def _looked_at(route: str, action: Action) -> dict[str, Rule]:
    return {route: Rule(on=On.CYCLE, action=action), f"{route}/preview": Rule(on=On.CYCLE, action=action)}


#: By method and path under /api/v1.
ROUTES: dict[str, Rule] = {
    # reading
    "GET /cycles": Rule(on=On.NARROWED),
    "GET /cycles/{id}": Rule(on=On.NARROWED),
    "GET /cycles/{id}/status": Rule(on=On.CYCLE, action=_A.READ_STATUS),
    "GET /cycles/{id}/plan": Rule(on=On.CYCLE, action=_A.READ_STATUS),
    "GET /cycles/{id}/missing-evidence": Rule(on=On.NARROWED),
    "GET /obligations": Rule(on=On.NARROWED),
    "GET /obligations/{id}": Rule(on=On.OBLIGATION, action=_A.READ_OBLIGATION),
    "GET /obligations/{id}/evidence": Rule(on=On.OBLIGATION, action=_A.DOWNLOAD),
    "GET /evidence/{id}/file": Rule(on=On.EVIDENCE, action=_A.DOWNLOAD),
    "GET /my/obligations": Rule(on=On.NARROWED),
    "GET /journal": Rule(on=On.NARROWED),
    "GET /outbox": Rule(on=On.AUTHORITY, action=_A.READ_OUTBOX),
    "GET /messages/{id}/why": Rule(on=On.MESSAGE, action=_A.READ_OUTBOX),
    "GET /account-events": Rule(on=On.AUTHORITY, action=_A.MANAGE_ACCOUNTS),
    "GET /people": Rule(on=On.PEOPLE, action=_A.READ_PEOPLE),
    "GET /units/{key}": Rule(on=On.PEOPLE, action=_A.READ_PEOPLE),
    "GET /calendar": Rule(on=On.AUTHORITY, action=_A.READ_CALENDAR),
    # work
    **_of_obligation(
        _A.PREPARE,
        _A.SEND_BACK,
        _A.SUBMIT,
        _A.WITHDRAW,
        _A.ACCEPT,
        _A.RETURN,
        _A.ASK_EXTENSION,
        _A.EXTEND,
        _A.REFUSE_EXTENSION,
        _A.SUSPEND,
        _A.RESUME_CLOCK,
        _A.WAIVE,
        _A.TRANSFER,
        _A.REOPEN,
        _A.URGE,
        _A.REASSIGN,
    ),
    "GET /obligations/{id}/report": Rule(on=On.OBLIGATION, action=_A.READ_OBLIGATION),
    "POST /obligations/{id}/report": Rule(on=On.OBLIGATION, action=_A.FILL_REPORT),
    "GET /obligations/{id}/report.xlsx": Rule(on=On.OBLIGATION, action=_A.READ_OBLIGATION),
    "POST /obligations/{id}/report.xlsx": Rule(on=On.OBLIGATION, action=_A.FILL_REPORT),
    "GET /cycles/{id}/reports/{period}": Rule(on=On.CYCLE, action=_A.READ_STATUS),
    "POST /cycles/{id}/reports/{period}/draft": Rule(on=On.CYCLE, action=_A.DRAFT_PAPER),
    "POST /obligations/{id}/evidence": Rule(on=On.OBLIGATION, action=_A.UPLOAD),
    "DELETE /evidence/{id}": Rule(on=On.EVIDENCE, action=_A.WITHDRAW_EVIDENCE),
    "POST /obligations/extend-many": Rule(on=On.EACH, action=_A.BULK_EXTEND),
    "POST /obligations/urge-many": Rule(on=On.EACH, action=_A.URGE),
    "POST /obligations/waive-many": Rule(on=On.EACH, action=_A.WAIVE),
    # papers
    "GET /papers": Rule(on=On.AUTHORITY, action=_A.READ_PAPERS),
    "GET /papers/{id}": Rule(on=On.PAPER, action=_A.READ_PAPERS),
    "GET /papers/{id}/file": Rule(on=On.PAPER, action=_A.READ_PAPERS),
    "GET /obligations/{id}/papers": Rule(on=On.OBLIGATION, action=_A.READ_ISSUED),
    "GET /obligations/{id}/papers/{key}/file": Rule(on=On.OBLIGATION, action=_A.READ_ISSUED),
    "POST /papers": Rule(on=On.CYCLE, action=_A.DRAFT_PAPER),
    "POST /papers/results": Rule(on=On.CYCLE, action=_A.DRAFT_PAPER),
    "POST /papers/register": Rule(on=On.AUTHORITY, action=_A.REGISTER_PAPER),
    "POST /papers/{id}/redraft": Rule(on=On.PAPER, action=_A.DRAFT_PAPER),
    "POST /papers/{id}/number": Rule(on=On.PAPER, action=_A.NUMBER_PAPER),
    "POST /papers/{id}/sign": Rule(on=On.PAPER, action=_A.SIGN_PAPER),
    "POST /papers/{id}/discard": Rule(on=On.PAPER, action=_A.DISCARD_PAPER),
    # sheets
    "GET /obligations/{id}/sheet": Rule(on=On.OBLIGATION, action=_A.READ_OBLIGATION),
    "GET /obligations/{id}/sheet.xlsx": Rule(on=On.OBLIGATION, action=_A.READ_OBLIGATION),
    "GET /obligations/{id}/sheet.docx": Rule(on=On.OBLIGATION, action=_A.READ_OBLIGATION),
    "POST /obligations/{id}/sheet.xlsx": Rule(on=On.OBLIGATION, action=_A.SCORE),
    "GET /obligations/{id}/leaves/{key}/history": Rule(on=On.OBLIGATION, action=_A.READ_OBLIGATION),
    "POST /obligations/{id}/leaves/{key}/score": Rule(on=On.OBLIGATION, action=_A.SCORE),
    "POST /obligations/{id}/leaves/{key}/appraise": Rule(on=On.OBLIGATION, action=_A.APPRAISE),
    "POST /obligations/{id}/leaves/{key}/confirm": Rule(on=On.OBLIGATION, action=_A.APPRAISE),
    "POST /obligations/{id}/leaves/{key}/claim": Rule(on=On.OBLIGATION, action=_A.APPRAISE),
    "POST /obligations/{id}/leaves/{key}/release": Rule(on=On.OBLIGATION, action=_A.APPRAISE),
    "POST /obligations/{id}/leaves/{key}/explain": Rule(on=On.OBLIGATION, action=_A.EXPLAIN),
    "POST /obligations/{id}/leaves/{key}/rule": Rule(on=On.OBLIGATION, action=_A.RULE_ON_EXPLANATION),
    "POST /obligations/{id}/take-over": Rule(on=On.OBLIGATION, action=_A.SCORE),
    "POST /obligations/{id}/return-leaves": Rule(on=On.OBLIGATION, action=_A.RETURN_LEAF),
    "POST /obligations/{id}/accept-scores": Rule(on=On.OBLIGATION, action=_A.APPRAISE),
    "POST /obligations/{id}/ask-explanation": Rule(on=On.OBLIGATION, action=_A.APPRAISE),
    "GET /cycles/{id}/appraisals": Rule(on=On.NARROWED),
    "GET /cycles/{id}/sheets.xlsx": Rule(on=On.NARROWED),
    "POST /cycles/{id}/sheets.xlsx": Rule(on=On.NARROWED),
    "POST /cycles/{id}/exemptions": Rule(on=On.CYCLE, action=_A.EXEMPT),
    # inspections
    "GET /cycles/{id}/inspections": Rule(on=On.NARROWED),
    "GET /cycles/{id}/findings": Rule(on=On.NARROWED),
    "GET /cycles/{id}/inspections/coverage": Rule(on=On.CYCLE, action=_A.READ_STATUS),
    "GET /inspections/{id}": Rule(on=On.OBLIGATION, action=_A.READ_OBLIGATION),
    "POST /cycles/{id}/inspections": Rule(on=On.CYCLE, action=_A.PLAN_INSPECTIONS),
    "POST /cycles/{id}/inspections/draw": Rule(on=On.CYCLE, action=_A.PLAN_INSPECTIONS),
    "POST /inspections/{id}/schedule": Rule(on=On.OBLIGATION, action=_A.INSPECT),
    "POST /inspections/{id}/team": Rule(on=On.OBLIGATION, action=_A.INSPECT),
    "POST /inspections/{id}/minutes": Rule(on=On.OBLIGATION, action=_A.INSPECT),
    "POST /inspections/{id}/conclude": Rule(on=On.OBLIGATION, action=_A.CONCLUDE),
    "POST /inspections/{id}/findings/{key}/reinspect": Rule(on=On.OBLIGATION, action=_A.REINSPECT),
    "POST /inspections/{id}/findings/{key}/reopen": Rule(on=On.OBLIGATION, action=_A.REINSPECT),
    "POST /inspections/{id}/findings/{key}/close": Rule(on=On.OBLIGATION, action=_A.CLOSE_FINDING),
    "POST /obligations/{id}/report-remedy": Rule(on=On.OBLIGATION, action=_A.SUBMIT),
    "POST /obligations/{id}/claim-remedy": Rule(on=On.OBLIGATION, action=_A.PREPARE),
    # improvement
    "GET /cycles/{id}/improvement": Rule(on=On.NARROWED),
    "POST /cycles/{id}/weak-criteria": Rule(on=On.CYCLE, action=_A.IMPORT_WEAK),
    "POST /cycles/{id}/weak-criteria/published": Rule(on=On.CYCLE, action=_A.IMPORT_WEAK),
    **_of_obligation(_A.PLAN_MEASURE, _A.REPORT_PROGRESS),
    # survey and council
    "GET /cycles/{id}/survey": Rule(on=On.CYCLE, action=_A.READ_SURVEY),
    "POST /cycles/{id}/survey/questions": Rule(on=On.CYCLE, action=_A.RUN_SURVEY),
    "POST /cycles/{id}/survey/sample": Rule(on=On.CYCLE, action=_A.RUN_SURVEY),
    "POST /cycles/{id}/survey/codes": Rule(on=On.CYCLE, action=_A.RUN_SURVEY),
    "POST /cycles/{id}/survey/papers": Rule(on=On.CYCLE, action=_A.RUN_SURVEY),
    "POST /cycles/{id}/survey/ballots": Rule(on=On.CYCLE, action=_A.ENTER_BALLOTS),
    "POST /cycles/{id}/survey/import": Rule(on=On.CYCLE, action=_A.ENTER_BALLOTS),
    "POST /cycles/{id}/survey/reopen": Rule(on=On.CYCLE, action=_A.RUN_SURVEY),
    "POST /cycles/{id}/survey/close": Rule(on=On.CYCLE, action=_A.RUN_SURVEY),
    "GET /obligations/{id}/council": Rule(on=On.OBLIGATION, action=_A.READ_OBLIGATION),
    "POST /obligations/{id}/council/members": Rule(on=On.OBLIGATION, action=_A.RUN_COUNCIL),
    "POST /obligations/{id}/council/sessions": Rule(on=On.OBLIGATION, action=_A.RUN_COUNCIL),
    "POST /obligations/{id}/council/minutes": Rule(on=On.OBLIGATION, action=_A.RUN_COUNCIL),
    "POST /obligations/{id}/council/matters": Rule(on=On.OBLIGATION, action=_A.RUN_COUNCIL),
    "POST /obligations/{id}/council/votes": Rule(on=On.OBLIGATION, action=_A.RUN_COUNCIL),
    "POST /obligations/{id}/council/resolve": Rule(on=On.OBLIGATION, action=_A.RUN_COUNCIL),
    "POST /obligations/{id}/council/close-session": Rule(on=On.OBLIGATION, action=_A.RUN_COUNCIL),
    "POST /obligations/{id}/council/conflicts": Rule(on=On.OBLIGATION, action=_A.RUN_COUNCIL),
    "GET /obligations/{id}/council/units": Rule(on=On.OBLIGATION, action=_A.READ_COUNCIL_SHEETS),
    "GET /obligations/{id}/council/units/{key}": Rule(on=On.OBLIGATION, action=_A.READ_COUNCIL_SHEETS),
    "POST /obligations/{id}/council/own-vote": Rule(on=On.OBLIGATION, action=_A.CAST_VOTE),
    "POST /obligations/{id}/council/own-conflict": Rule(on=On.OBLIGATION, action=_A.CAST_VOTE),
    # results
    "GET /cycles/{id}/results": Rule(on=On.CYCLE, action=_A.READ_RESULTS),
    "GET /cycles/{id}/results/units/{key}": Rule(on=On.CYCLE, action=_A.READ_RESULTS),
    "GET /cycles/{id}/rating": Rule(on=On.CYCLE, action=_A.READ_RESULTS),
    "GET /cycles/{id}/result-rules": Rule(on=On.CYCLE, action=_A.READ_RESULTS),
    "POST /cycles/{id}/result-rules": Rule(on=On.CYCLE, action=_A.SET_RESULT_RULES),
    "GET /cycles/{id}/exemptions": Rule(on=On.CYCLE, action=_A.READ_RESULTS),
    "POST /cycles/{id}/exemptions/{key}/end": Rule(on=On.CYCLE, action=_A.EXEMPT),
    "POST /cycles/{id}/publication": Rule(on=On.CYCLE, action=_A.PUBLISH_RESULTS),
    "POST /cycles/{id}/publication/preview": Rule(on=On.CYCLE, action=_A.PUBLISH_RESULTS),
    "POST /cycles/{id}/rewards": Rule(on=On.CYCLE, action=_A.REWARD),
    "POST /cycles/{id}/rewards/{key}/end": Rule(on=On.CYCLE, action=_A.REWARD),
    "GET /published": _PUBLIC,
    "GET /published/schema": _PUBLIC,
    "GET /published/{key}": _PUBLIC,
    "GET /published/{key}/csv": _PUBLIC,
    # running the year
    "POST /cycles": Rule(on=On.AUTHORITY, action=_A.LAUNCH),
    "POST /authorities/{key}/outbox/hold": Rule(on=On.AUTHORITY, action=_A.HOLD_MAIL),
    "POST /authorities/{key}/outbox/release": Rule(on=On.AUTHORITY, action=_A.RELEASE_MAIL),
    "POST /cycles/{id}/outbox/hold": Rule(on=On.CYCLE, action=_A.HOLD_MAIL),
    "POST /cycles/{id}/outbox/release": Rule(on=On.CYCLE, action=_A.RELEASE_MAIL),
    "POST /messages/{id}/release": Rule(on=On.MESSAGE, action=_A.RELEASE_MAIL),
    "POST /messages/{id}/resend": Rule(on=On.MESSAGE, action=_A.RESEND_MAIL),
    "POST /messages/{id}/count-as-sent": Rule(on=On.MESSAGE, action=_A.RESEND_MAIL),
    "POST /invitations": Rule(on=On.AUTHORITY, action=_A.MANAGE_ACCOUNTS),
    **_of_cycle(_A.PAUSE, _A.RESUME, _A.CLOSE, _A.CANCEL),
    **_looked_at("POST /cycles/{id}/replan", _A.REPLAN),
    **_looked_at("POST /cycles/{id}/stages/{key}/move-due", _A.MOVE_DUE),
    **_looked_at("POST /cycles/{id}/units", _A.REPLAN),
    **_looked_at("POST /cycles/{id}/units/{key}/drop", _A.REPLAN),
    "GET /cycles/{id}/requests": Rule(on=On.CYCLE, action=_A.READ_STATUS),
    "GET /cycles/{id}/requests/{key}": Rule(on=On.CYCLE, action=_A.READ_STATUS),
    "POST /cycles/{id}/requests": Rule(on=On.CYCLE, action=_A.ASK_REPORT),
    "POST /cycles/{id}/requests/{key}/cancel": Rule(on=On.CYCLE, action=_A.CANCEL_REQUEST),
    "POST /calendar": Rule(on=On.AUTHORITY, action=_A.IMPORT_CALENDAR),
    "POST /calendar/preview": Rule(on=On.AUTHORITY, action=_A.IMPORT_CALENDAR),
    "GET /branding": Rule(on=On.AUTHORITY, action=_A.CHANGE_AUTHORITY),
    "POST /branding": Rule(on=On.AUTHORITY, action=_A.CHANGE_AUTHORITY),
    "POST /report-forms": Rule(on=On.AUTHORITY, action=_A.CHANGE_FORMS),
    # criteria
    "GET /criteria": Rule(on=On.AUTHORITY, action=_A.READ_CRITERIA),
    "GET /criteria/{key}": Rule(on=On.AUTHORITY, action=_A.READ_CRITERIA),
    "GET /criteria/{key}/file": Rule(on=On.AUTHORITY, action=_A.READ_CRITERIA),
    "GET /criteria/{key}/differences": Rule(on=On.AUTHORITY, action=_A.READ_CRITERIA),
    "GET /cycles/{id}/criteria": Rule(on=On.CYCLE, action=_A.READ_CRITERIA),
    "POST /criteria": Rule(on=On.AUTHORITY, action=_A.CHANGE_CRITERIA),
    "POST /criteria/check": Rule(on=On.AUTHORITY, action=_A.CHANGE_CRITERIA),
    "POST /criteria/{key}/correct": Rule(on=On.AUTHORITY, action=_A.CHANGE_CRITERIA),
    "POST /criteria/{key}/copy": Rule(on=On.AUTHORITY, action=_A.CHANGE_CRITERIA),
    "POST /criteria/{key}/lead": Rule(on=On.AUTHORITY, action=_A.CHANGE_CRITERIA),
    "POST /cycles/{id}/criteria": Rule(on=On.CYCLE, action=_A.PIN_CRITERIA),
    # people
    "POST /people/import": Rule(on=On.AUTHORITY, action=_A.CHANGE_PEOPLE),
    "POST /units": Rule(on=On.AUTHORITY, action=_A.CHANGE_PEOPLE),
    "POST /units/{key}/drop": Rule(on=On.AUTHORITY, action=_A.CHANGE_PEOPLE),
    "POST /units/{key}/superior": Rule(on=On.AUTHORITY, action=_A.CHANGE_PEOPLE),
    "POST /units/{key}/successors": Rule(on=On.AUTHORITY, action=_A.CHANGE_PEOPLE),
    "POST /contacts": Rule(on=On.AUTHORITY, action=_A.CHANGE_PEOPLE),
    "POST /contacts/{key}/drop": Rule(on=On.CONTACT, action=_A.CHANGE_PEOPLE),
    "POST /contacts/{key}/replace": Rule(on=On.CONTACT, action=_A.CHANGE_PEOPLE),
    "POST /contacts/{key}/address": Rule(on=On.CONTACT, action=_A.CHANGE_PEOPLE),
    "POST /contacts/{key}/deputy": Rule(on=On.CONTACT, action=_A.DEPUTISE),
    # the account, and the doors
    "GET /account": _SELF,
    "POST /account/second-factor": _SELF,
    "POST /account/second-factor/confirm": _SELF,
    "POST /account/second-factor/drop": _SELF,
    "GET /session": _SELF,
    "DELETE /session": _SELF,
    "POST /session/second-factor": _SELF,
    "GET /sessions": _SELF,
    "DELETE /sessions": _SELF,
    "DELETE /sessions/{id}": _SELF,
    "PUT /password": _SELF,
    "GET /tokens": _SELF,
    "POST /tokens": _SELF,
    "DELETE /tokens/{id}": _SELF,
    "POST /session": _PUBLIC,
    "POST /session/link": _PUBLIC,
    "POST /session/link/use": _PUBLIC,
    "POST /password/reset": _PUBLIC,
    "POST /password/reset/use": _PUBLIC,
    "POST /invitation": _PUBLIC,
    "GET /oidc/start": _PUBLIC,
    "GET /oidc/callback": _PUBLIC,
    "GET /health": _PUBLIC,
}
PREFIX = "/api/v1"


def rule_of(method: str, path: str) -> Rule | None:
    """Return the rule of a route by its method and whole path; None if it has none."""
    return ROUTES.get(f"{method.upper()} {path.removeprefix(PREFIX)}")
