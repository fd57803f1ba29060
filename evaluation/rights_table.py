"""
The table of rights: who may do what, by role and by what their party is to the thing.

This is data: `evaluation.rights.decide` reads it, `dondoc rights` prints it, docs/rights.md is made from it. A new thing that people
can do is a member of `Action` and a word in a row of `TABLE`; no code follows from it. There is no right to mute a duty: whoever owes
is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evaluation.kinds import Role, StageKind


class Action(StrEnum):
    """Everything that people do, by API, console or command line."""

    # about one obligation
    READ_OBLIGATION = "read-obligation"
    PREPARE = "prepare"
    SEND_BACK = "send-back"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    RETURN = "return"
    ASK_EXTENSION = "ask-extension"
    EXTEND = "extend"  #: also: grant an extension that was asked for
    REFUSE_EXTENSION = "refuse-extension"
    BULK_EXTEND = "bulk-extend"
    SUSPEND = "suspend"
    RESUME_CLOCK = "resume-clock"
    WAIVE = "waive"
    TRANSFER = "transfer"
    REOPEN = "reopen"
    URGE = "urge"
    MOVE_DUE = "move-due"
    REASSIGN = "reassign"
    FILL_REPORT = "fill-report"
    SCORE = "score"  #: one's own unit, leaf by leaf
    APPRAISE = "appraise"  #: score a leaf of another unit, claim it, confirm it
    RETURN_LEAF = "return-leaf"  #: give leaves back for correction
    EXPLAIN = "explain"  #: answer a reduced score
    RULE_ON_EXPLANATION = "rule-on-explanation"
    UPLOAD = "upload-evidence"
    WITHDRAW_EVIDENCE = "withdraw-evidence"
    DOWNLOAD = "download-evidence"
    # about inspections
    PLAN_INSPECTIONS = "plan-inspections"  #: choose units, at random or by hand
    INSPECT = "inspect"  #: team, day, minutes
    CONCLUDE = "conclude"  #: issue conclusions with findings
    REINSPECT = "reinspect"  #: write down what a re-inspection found, ask for a further remedy
    CLOSE_FINDING = "close-finding"
    # about improvement
    PLAN_MEASURE = "plan-measure"
    REPORT_PROGRESS = "report-progress"  #: of a measure
    # about the council's decision
    RUN_COUNCIL = "run-council"  #: members, sessions, votes, minutes; settle scores, recommend
    READ_COUNCIL_SHEETS = "read-council-sheets"  #: scores and explanations of the units that the council decides on
    CAST_VOTE = "cast-vote"  #: one's own, in the council; also: declare a conflict of interest
    # about results
    READ_RESULTS = "read-results"  #: as they stand; what is published anybody reads
    EXEMPT = "exempt"  #: also: end an exemption
    SET_RESULT_RULES = "set-result-rules"
    PUBLISH_RESULTS = "publish-results"
    REWARD = "reward"
    # about a cycle
    READ_STATUS = "read-status"
    LAUNCH = "launch"
    REPLAN = "replan"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"
    CANCEL = "cancel"
    ASK_REPORT = "ask-report"  #: ad hoc or thematic, of units or of the standing body
    CANCEL_REQUEST = "cancel-request"
    IMPORT_WEAK = "import-weak-criteria"  #: last year's results
    READ_SURVEY = "read-survey"  #: what it asks, ballots counted by unit; no answer of anybody
    RUN_SURVEY = "run-survey"  #: question sets, sample, codes, closing
    ENTER_BALLOTS = "enter-ballots"  #: from paper, from an export
    # about an authority
    READ_JOURNAL = "read-journal"
    READ_OUTBOX = "read-outbox"
    HOLD_MAIL = "hold-mail"
    RELEASE_MAIL = "release-mail"
    RESEND_MAIL = "resend-mail"  #: or count as sent
    READ_PEOPLE = "read-people"
    CHANGE_PEOPLE = "change-people"
    DEPUTISE = "deputise"
    READ_CALENDAR = "read-calendar"
    IMPORT_CALENDAR = "import-calendar"
    CHANGE_AUTHORITY = "change-authority"  #: its names, its logo
    READ_CRITERIA = "read-criteria"
    CHANGE_CRITERIA = "change-criteria"  #: take in, correct, copy, say who leads
    PIN_CRITERIA = "pin-criteria"  #: of a cycle
    CHANGE_FORMS = "change-forms"  #: of reports: take in
    MANAGE_ACCOUNTS = "manage-accounts"
    READ_PAPERS = "read-papers"
    READ_ISSUED = "read-issued-papers"  #: signed ones about one's own unit: letters to it, minutes and conclusions of its inspections
    DRAFT_PAPER = "draft-paper"  #: or draft it anew
    NUMBER_PAPER = "number-paper"
    SIGN_PAPER = "sign-paper"  #: attach the signed file
    DISCARD_PAPER = "discard-paper"
    REGISTER_PAPER = "register-paper"  #: one that was issued elsewhere, or came in
    # about oneself
    MANAGE_OWN_ACCOUNT = "manage-own-account"
    MANAGE_OWN_TOKENS = "manage-own-tokens"


class Relation(StrEnum):
    """What somebody's post is to the thing that is acted on."""

    OWES = "owes"  #: a post of the party that owes (of a contact: of its party)
    OWES_UNSIGNED = "owes-unsigned"  #: the same, where the plan asks for no signature of the head
    ASSIGNED = "assigned"  #: the work was given to this very contact
    RECEIVES = "receives"  #: a post of the party that receives, where that is not the chair
    DECIDES = "decides"  #: a post of the chair, where the plan sends it to the chair
    COORDINATES = "coordinates"  #: a post of a co-ordinating party
    SUPERIOR = "superior"  #: a post of the unit above who owes
    SUBJECT = "subject"  #: a post of the unit that it is about
    LEADS = "leads"  #: a post of a party that leads the leaf; of an appraisal or explanation as a whole: any of the cycle's criteria
    COUNCIL_MEMBER = "council-member"  #: a member of the council that decides it, named and in office, whatever their post
    RUNS_SURVEY = "runs-survey"  #: a post of a party that owes or co-ordinates the survey of the cycle
    STANDING_BODY = "standing-body"  #: a post of the standing body
    OVER_OTHERS = "over-others"  #: a post of the standing body, where another party owes, or it is about nobody's debt alone
    OVER_STANDING_BODY = "over-standing-body"  #: a post of the chair, where the standing body itself owes
    FOR_OWING = "for-owing"  #: a post of the standing body, acting on behalf of another party that owes
    FOR_CHAIR = "for-chair"  #: a post of the standing body, filing on behalf of the chair what the chair decided
    FOR_CHAIR_ON_OWN = "for-chair-on-own"  #: a post of the standing body, recording what the chair decided of its own debts
    CHAIR = "chair"  #: a post of the chair
    AUTHORITY = "authority"  #: any post in the authority
    SELF = "self"  #: one's own account


#: Where the table gives these, the act is marked in the journal as done on behalf of a party.
ON_BEHALF = frozenset({Relation.FOR_OWING, Relation.FOR_CHAIR, Relation.FOR_CHAIR_ON_OWN})


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the table: people in these roles, in this relation, may do this."""

    roles: frozenset[Role]
    relation: Relation
    actions: frozenset[Action]
    kinds: frozenset[StageKind] = frozenset()  #: only in stages of these kinds; none: in all


_A, _R, _REL = Action, Role, Relation
EVERYBODY = frozenset(Role)
OFFICIALS = EVERYBODY - {Role.SURVEY_RUNNER}  #: who runs a survey for somebody has nothing to do with the rest
APPRAISERS = (Role.OFFICER, Role.HEAD, Role.DEPUTY_HEAD, Role.APPRAISER, Role.FIELD_LEAD)
INSPECTIONS = frozenset({StageKind.INSPECTION, StageKind.REINSPECTION, StageKind.IMPROVEMENT})
#: Kinds whose obligations are about another unit, named at the head of their subject.
ABOUT_UNITS = frozenset({StageKind.INSPECTION, StageKind.REINSPECTION})

_LOOKS = frozenset({_A.READ_OBLIGATION, _A.DOWNLOAD, _A.READ_JOURNAL})
_WORKS = _LOOKS | {_A.PREPARE, _A.FILL_REPORT, _A.SCORE, _A.EXPLAIN, _A.ASK_EXTENSION, _A.UPLOAD, _A.WITHDRAW_EVIDENCE}
_APPRAISES = frozenset({_A.APPRAISE, _A.RETURN_LEAF})
_RULES = frozenset({_A.RULE_ON_EXPLANATION})
_APPRAISALS, _EXPLANATIONS = frozenset({StageKind.APPRAISAL}), frozenset({StageKind.EXPLANATION})
_SUBMITS = frozenset({_A.SUBMIT, _A.WITHDRAW})
_SIGNS = _SUBMITS | {_A.SEND_BACK}
_LEADS_UNIT = frozenset({_A.REASSIGN, _A.DEPUTISE, _A.READ_PEOPLE})
_JUDGES = _LOOKS | {_A.ACCEPT, _A.RETURN}
_READS_ALL = _LOOKS | {_A.READ_STATUS, _A.READ_SURVEY, _A.READ_RESULTS, _A.READ_OUTBOX, _A.READ_PEOPLE, _A.READ_CALENDAR, _A.READ_PAPERS}
_PAPERS = frozenset({_A.READ_PAPERS, _A.DRAFT_PAPER, _A.NUMBER_PAPER, _A.SIGN_PAPER, _A.DISCARD_PAPER, _A.REGISTER_PAPER})
#: What excuses who owes, for a while or for good: nobody excuses themselves.
EXCUSES = frozenset({_A.EXTEND, _A.BULK_EXTEND, _A.SUSPEND, _A.REOPEN, _A.WAIVE, _A.TRANSFER})
_CLOCKS = frozenset({_A.REFUSE_EXTENSION, _A.RESUME_CLOCK, _A.MOVE_DUE})
_RUNS_YEAR = frozenset({_A.LAUNCH, _A.REPLAN, _A.PAUSE, _A.RESUME, _A.CLOSE, _A.CANCEL})
_ASKS = frozenset({_A.ASK_REPORT, _A.CANCEL_REQUEST})
_RUNS_MAIL = frozenset({_A.HOLD_MAIL, _A.RELEASE_MAIL, _A.RESEND_MAIL})
_KEEPS_OFFICE = frozenset({_A.READ_PEOPLE, _A.CHANGE_PEOPLE, _A.DEPUTISE, _A.READ_CALENDAR, _A.IMPORT_CALENDAR, _A.CHANGE_AUTHORITY})
_KEEPS_CRITERIA = frozenset({_A.CHANGE_CRITERIA, _A.PIN_CRITERIA, _A.CHANGE_FORMS, _A.IMPORT_WEAK})
_INSPECTS = frozenset({_A.INSPECT, _A.CONCLUDE, _A.REINSPECT})
_RESULTS = frozenset({_A.EXEMPT, _A.SET_RESULT_RULES, _A.PUBLISH_RESULTS, _A.REWARD})
_FOLLOWED = frozenset({StageKind.INSPECTION})
_IMPROVES, _IMPROVED = frozenset({_A.PLAN_MEASURE, _A.REPORT_PROGRESS}), frozenset({StageKind.IMPROVEMENT})
_SEES = frozenset({_A.READ_OBLIGATION})
_SURVEYS = frozenset({_A.RUN_SURVEY, _A.ENTER_BALLOTS})
_TOLD = frozenset({_A.READ_ISSUED})
_COUNCIL, _VOTES = (
    frozenset({_A.RUN_COUNCIL, _A.READ_COUNCIL_SHEETS}),
    frozenset({_A.READ_OBLIGATION, _A.READ_COUNCIL_SHEETS, _A.CAST_VOTE}),
)
_COORDINATES = _READS_ALL | _CLOCKS | _RUNS_YEAR | _RUNS_MAIL | _KEEPS_OFFICE | _KEEPS_CRITERIA | _ASKS | {_A.URGE}


def _row(*roles: Role, relation: Relation, actions: frozenset[Action], kinds: frozenset[StageKind] = frozenset()) -> Row:
    return Row(roles=frozenset(roles), relation=relation, actions=actions, kinds=kinds)


#: Who may do what. What no row gives is refused.
TABLE: tuple[Row, ...] = (
    # the unit (or body) that owes
    _row(_R.OFFICER, relation=_REL.OWES, actions=_WORKS),
    _row(_R.OFFICER, relation=_REL.OWES_UNSIGNED, actions=_SUBMITS),
    _row(_R.HEAD, relation=_REL.OWES, actions=_WORKS | _SIGNS | _LEADS_UNIT),
    _row(_R.DEPUTY_HEAD, relation=_REL.OWES, actions=_WORKS),
    _row(_R.MEMBER, relation=_REL.OWES, actions=_LOOKS),
    _row(_R.APPRAISER, _R.FIELD_LEAD, relation=_REL.OWES, actions=_WORKS, kinds=frozenset({StageKind.APPRAISAL})),
    _row(_R.APPRAISER, _R.FIELD_LEAD, relation=_REL.OWES_UNSIGNED, actions=_SUBMITS, kinds=frozenset({StageKind.APPRAISAL})),
    _row(_R.INSPECTOR, relation=_REL.OWES, actions=_WORKS, kinds=INSPECTIONS),
    _row(_R.INSPECTOR, relation=_REL.OWES_UNSIGNED, actions=_SUBMITS, kinds=INSPECTIONS),
    _row(_R.OFFICER, _R.HEAD, _R.DEPUTY_HEAD, _R.MEMBER, _R.APPRAISER, _R.FIELD_LEAD, _R.INSPECTOR, relation=_REL.ASSIGNED, actions=_WORKS),
    # papers that were issued about the unit
    _row(_R.OFFICER, _R.HEAD, _R.DEPUTY_HEAD, relation=_REL.OWES, actions=_TOLD),
    _row(_R.OFFICER, _R.HEAD, _R.DEPUTY_HEAD, relation=_REL.SUBJECT, actions=_TOLD, kinds=_FOLLOWED),
    # improvement: measures, and how far they are
    _row(_R.OFFICER, _R.HEAD, _R.DEPUTY_HEAD, relation=_REL.OWES, actions=_IMPROVES, kinds=_IMPROVED),
    _row(*OFFICIALS - {_R.AUDITOR, _R.ADMINISTRATOR}, relation=_REL.ASSIGNED, actions=_IMPROVES, kinds=_IMPROVED),
    _row(_R.OFFICER, _R.HEAD, relation=_REL.FOR_OWING, actions=_IMPROVES, kinds=_IMPROVED),
    # sheets: who appraises (the body that owes it, and who leads a leaf), and who rules on what units explain
    _row(*APPRAISERS, relation=_REL.OWES, actions=_APPRAISES, kinds=_APPRAISALS),
    _row(*APPRAISERS, relation=_REL.LEADS, actions=_APPRAISES | {_A.READ_OBLIGATION, _A.DOWNLOAD}, kinds=_APPRAISALS),
    _row(*APPRAISERS, relation=_REL.RECEIVES, actions=_RULES, kinds=_EXPLANATIONS),
    _row(*APPRAISERS, relation=_REL.LEADS, actions=_RULES | {_A.READ_OBLIGATION, _A.DOWNLOAD}, kinds=_EXPLANATIONS),
    # inspections: the team, and who runs the year
    _row(_R.INSPECTOR, _R.OFFICER, _R.DEPUTY_HEAD, relation=_REL.OWES, actions=_INSPECTS, kinds=_FOLLOWED),
    _row(_R.HEAD, relation=_REL.OWES, actions=_INSPECTS | {_A.CLOSE_FINDING}, kinds=_FOLLOWED),
    _row(_R.INSPECTOR, relation=_REL.AUTHORITY, actions=_INSPECTS | {_A.CLOSE_FINDING}, kinds=_FOLLOWED),
    _row(_R.OFFICER, relation=_REL.STANDING_BODY, actions=_INSPECTS, kinds=_FOLLOWED),
    _row(_R.HEAD, relation=_REL.STANDING_BODY, actions=_INSPECTS | {_A.CLOSE_FINDING}, kinds=_FOLLOWED),
    _row(_R.HEAD, relation=_REL.CHAIR, actions=frozenset({_A.CLOSE_FINDING}), kinds=_FOLLOWED),
    _row(_R.OFFICER, _R.HEAD, relation=_REL.STANDING_BODY, actions=frozenset({_A.PLAN_INSPECTIONS})),
    _row(_R.HEAD, relation=_REL.CHAIR, actions=frozenset({_A.PLAN_INSPECTIONS})),
    # survey and council
    _row(_R.OFFICER, _R.HEAD, relation=_REL.STANDING_BODY, actions=_SURVEYS),
    _row(_R.SURVEY_RUNNER, relation=_REL.RUNS_SURVEY, actions=frozenset({_A.READ_SURVEY, _A.ENTER_BALLOTS})),
    _row(_R.SURVEY_RUNNER, relation=_REL.OWES, actions=_SEES, kinds=frozenset({StageKind.SURVEY})),
    _row(_R.SURVEY_RUNNER, relation=_REL.COORDINATES, actions=_SEES, kinds=frozenset({StageKind.SURVEY})),
    _row(_R.OFFICER, _R.HEAD, relation=_REL.OWES, actions=_COUNCIL, kinds=frozenset({StageKind.COUNCIL_DECISION})),
    _row(_R.OFFICER, _R.HEAD, relation=_REL.STANDING_BODY, actions=_COUNCIL, kinds=frozenset({StageKind.COUNCIL_DECISION})),
    _row(*OFFICIALS, relation=_REL.COUNCIL_MEMBER, actions=_VOTES, kinds=frozenset({StageKind.COUNCIL_DECISION})),
    # results: who runs the year, and the chair
    _row(_R.OFFICER, _R.HEAD, relation=_REL.STANDING_BODY, actions=_RESULTS),
    _row(_R.HEAD, relation=_REL.CHAIR, actions=_RESULTS),
    # who receives
    _row(_R.OFFICER, _R.HEAD, _R.APPRAISER, _R.FIELD_LEAD, relation=_REL.RECEIVES, actions=_JUDGES),
    _row(_R.DEPUTY_HEAD, _R.MEMBER, relation=_REL.RECEIVES, actions=_LOOKS),
    _row(_R.INSPECTOR, relation=_REL.RECEIVES, actions=_JUDGES, kinds=INSPECTIONS),
    _row(_R.HEAD, relation=_REL.DECIDES, actions=_JUDGES),
    # who looks on
    _row(_R.OFFICER, _R.HEAD, _R.DEPUTY_HEAD, relation=_REL.COORDINATES, actions=_LOOKS),
    _row(_R.OFFICER, _R.HEAD, _R.DEPUTY_HEAD, relation=_REL.SUPERIOR, actions=_LOOKS),
    _row(_R.OFFICER, _R.HEAD, _R.DEPUTY_HEAD, relation=_REL.SUBJECT, actions=frozenset({_A.READ_OBLIGATION}), kinds=INSPECTIONS),
    _row(_R.INSPECTOR, relation=_REL.AUTHORITY, actions=_LOOKS | {_A.URGE}, kinds=INSPECTIONS),
    _row(_R.OFFICER, _R.HEAD, _R.DEPUTY_HEAD, relation=_REL.CHAIR, actions=_READS_ALL),
    _row(_R.HEAD, relation=_REL.CHAIR, actions=_ASKS),
    _row(_R.AUDITOR, relation=_REL.AUTHORITY, actions=_READS_ALL),
    _row(*OFFICIALS, relation=_REL.AUTHORITY, actions=frozenset({_A.READ_CALENDAR, _A.READ_CRITERIA})),
    # who runs the year
    _row(_R.OFFICER, _R.HEAD, relation=_REL.STANDING_BODY, actions=_COORDINATES),
    _row(_R.OFFICER, _R.HEAD, relation=_REL.STANDING_BODY, actions=_PAPERS),
    _row(_R.OFFICER, relation=_REL.CHAIR, actions=_PAPERS),
    _row(_R.OFFICER, _R.HEAD, relation=_REL.OVER_OTHERS, actions=EXCUSES),
    _row(_R.HEAD, relation=_REL.OVER_STANDING_BODY, actions=EXCUSES),
    _row(_R.HEAD, relation=_REL.FOR_CHAIR_ON_OWN, actions=EXCUSES),
    _row(_R.DEPUTY_HEAD, relation=_REL.STANDING_BODY, actions=_READS_ALL),
    _row(_R.OFFICER, _R.HEAD, relation=_REL.FOR_OWING, actions=_WORKS - _LOOKS | _SIGNS),
    _row(_R.OFFICER, _R.HEAD, relation=_REL.FOR_CHAIR, actions=frozenset({_A.ACCEPT, _A.RETURN})),
    # who keeps the system
    _row(_R.ADMINISTRATOR, relation=_REL.AUTHORITY, actions=_KEEPS_OFFICE | {_A.MANAGE_ACCOUNTS}),
    # oneself
    _row(*EVERYBODY, relation=_REL.SELF, actions=frozenset({_A.MANAGE_OWN_ACCOUNT, _A.MANAGE_OWN_TOKENS})),
)

#: What nobody does for the unit that they belong to, unless the plan says so: appraising it, and taking in or returning what is judged.
#: Of an appraisal and an inspection the unit judged is its subject; of the others it is who owes. The standing body takes its own papers
#: in all the same: the score is given by the appraisal.
OWN_UNIT: dict[StageKind, frozenset[Action]] = {
    StageKind.APPRAISAL: _JUDGES - _LOOKS | _SIGNS | _APPRAISES | {_A.PREPARE, _A.UPLOAD, _A.WITHDRAW_EVIDENCE},
    StageKind.SELF_ASSESSMENT: _JUDGES - _LOOKS,
    StageKind.EXPLANATION: _JUDGES - _LOOKS | _RULES,
    StageKind.INSPECTION: _INSPECTS | {_A.CLOSE_FINDING},
}

#: What changes nothing.
READING = frozenset(action for action in Action if action.value.startswith(("read-", "download-")))
#: What is about oneself alone: needs an account, not a post.
ABOUT_ONESELF = frozenset({_A.MANAGE_OWN_ACCOUNT, _A.MANAGE_OWN_TOKENS})
