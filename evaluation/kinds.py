"""Kinds of stages, audiences, roles and messages: the closed lists that plans and templates name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StageKind(StrEnum):
    """What a stage is about; each is a flow's name. A kind whose flow does not exist yet is run by `duty`."""

    PLAN_ISSUANCE = "plan_issuance"  #: ban hành kế hoạch, bộ tiêu chí
    SELF_ASSESSMENT = "self_assessment"  #: tự đánh giá, chấm điểm
    APPRAISAL = "appraisal"  #: thẩm định
    EXPLANATION = "explanation"  #: giải trình
    SURVEY = "survey"  #: điều tra xã hội học
    COUNCIL_DECISION = "council_decision"  #: hội đồng quyết định
    PUBLICATION = "publication"  #: phê duyệt, công bố
    IMPROVEMENT = "improvement"  #: khắc phục, nâng cao chỉ số
    QUARTERLY_REPORT = "quarterly_report"  #: báo cáo định kỳ
    AD_HOC_REPORT = "ad_hoc_report"  #: báo cáo đột xuất, chuyên đề
    INSPECTION = "inspection"  #: kiểm tra
    REINSPECTION = "reinspection"  #: phúc tra
    DUTY = "duty"  #: any other duty: training, conference, own plan, making known, rewards
    UPKEEP = "upkeep"  #: built in: what the engine itself asks of the standing body


class PartyKind(StrEnum):
    """Who can owe something."""

    UNIT = "unit"  #: cơ quan, đơn vị, địa phương
    BODY = "body"  #: council, standing body, support team, chair
    PERSON = "person"  #: cá nhân được giao nhiệm vụ


class Role(StrEnum):
    """What a contact is in a unit or body."""

    OFFICER = "officer"  #: công chức đầu mối; in a body, its secretary
    HEAD = "head"  #: người đứng đầu
    DEPUTY_HEAD = "deputy_head"  #: cấp phó
    MEMBER = "member"  #: thành viên hội đồng, ban, tổ
    APPRAISER = "appraiser"  #: người thẩm định: tổ giúp việc, công chức thẩm định của cơ quan chủ trì
    FIELD_LEAD = "field_lead"  #: chủ trì lĩnh vực; of which fields, its contact says
    INSPECTOR = "inspector"  #: người kiểm tra, phúc tra
    SURVEY_RUNNER = "survey_runner"  #: người điều tra: of an institute or a post that runs the survey; sees and enters its ballots, no more
    AUDITOR = "auditor"  #: người giám sát: reads all, changes nothing
    ADMINISTRATOR = "administrator"  #: quản trị hệ thống: people, accounts, calendars; not the substance


class Audience(StrEnum):
    """Whom a rung tells, seen from the obligation."""

    OFFICER = "officer"  #: the officer of who owes
    HEAD = "head"  #: the head of who owes
    COORDINATING = "coordinating"  #: officers of the co-ordinating parties; told, never late
    SUPERIOR = "superior"  #: the officer of the superior unit of who owes
    RECEIVER = "receiver"  #: the officer of who receives (through whom, else to whom)
    STANDING_BODY = "standing_body"  #: the standing body
    CHAIR = "chair"  #: the chair of the People's Committee


class MessageKind(StrEnum):
    """What a mail says; each is a folder of templates."""

    STAGE_OPENED = "stage-opened"
    URGENT_REQUEST = "urgent-request"
    REQUEST_SUMMARY = "request-summary"
    REMINDER_BEFORE_DUE = "reminder-before-due"
    DUE_TODAY = "due-today"
    OVERDUE = "overdue"
    ESCALATION_STANDING_BODY = "escalation-standing-body"
    ESCALATION_CHAIR = "escalation-chair"
    AWAITING_HEAD = "awaiting-head"
    SENT_BACK_BY_HEAD = "sent-back-by-head"
    RECEIVED = "received"
    RETURNED_FOR_CORRECTION = "returned-for-correction"
    CORRECTION_REMINDER = "correction-reminder"
    CORRECTION_OVERDUE = "correction-overdue"
    ACCEPTED = "accepted"
    EXTENSION_ASKED = "extension-asked"
    EXTENSION_GRANTED = "extension-granted"
    EXTENSION_REFUSED = "extension-refused"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    WAIVED = "waived"
    DATES_MOVED = "dates-moved"
    RE_OPENED = "re-opened"
    HANDED_OVER = "handed-over"
    REVIEW_DUE = "review-due"
    REVIEW_OVERDUE = "review-overdue"
    URGED = "urged"
    INSPECTION_NOTICE = "inspection-notice"
    VOTE_ASKED = "vote-asked"
    PLAN_ISSUED = "plan-issued"
    RESULTS_PUBLISHED = "results-published"
    CYCLE_PAUSED = "cycle-paused"
    CYCLE_RESUMED = "cycle-resumed"
    CYCLE_CANCELLED = "cycle-cancelled"
    COORDINATOR_DIGEST = "coordinator-digest"
    CONTACT_UNREACHABLE = "contact-unreachable"
    SIGN_IN_LINK = "sign-in-link"
    PASSWORD_RESET = "password-reset"  # noqa: S105  the name of a kind of mail
    INVITATION = "invitation"
    ACCOUNT_CHANGED = "account-changed"
    TEST_MAIL = "test-mail"


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a kind of message leaves."""

    merges: bool = True  #: gathered with others of the same recipient and slot; else goes alone
    waits_for_slot: bool = True  #: leaves in working time; else at once
    may_be_held: bool = True  #: a pause, a cancellation or a held first slot keeps it back
    confidential: bool = False  #: its body is erased when sent and shown nowhere
    official: bool = False  #: never sent a second time by itself
    urgency: int = 0  #: order inside a gathered mail, most urgent first


#: Every kind in one place; a kind that is not listed here waits, merges and may be held.
MANNERS: dict[MessageKind, Manner] = {
    MessageKind.ESCALATION_CHAIR: Manner(urgency=9, official=True),
    MessageKind.ESCALATION_STANDING_BODY: Manner(urgency=8),
    MessageKind.OVERDUE: Manner(urgency=7),
    MessageKind.CORRECTION_OVERDUE: Manner(urgency=7),
    MessageKind.REVIEW_OVERDUE: Manner(urgency=7),
    MessageKind.DUE_TODAY: Manner(urgency=6),
    MessageKind.URGENT_REQUEST: Manner(merges=False, waits_for_slot=False, urgency=6),
    MessageKind.REQUEST_SUMMARY: Manner(merges=False, waits_for_slot=False),
    MessageKind.RETURNED_FOR_CORRECTION: Manner(urgency=5),
    MessageKind.URGED: Manner(urgency=5),
    MessageKind.EXTENSION_ASKED: Manner(urgency=5),
    MessageKind.REMINDER_BEFORE_DUE: Manner(urgency=4),
    MessageKind.CORRECTION_REMINDER: Manner(urgency=4),
    MessageKind.REVIEW_DUE: Manner(urgency=4),
    MessageKind.INSPECTION_NOTICE: Manner(urgency=5, official=True),
    MessageKind.VOTE_ASKED: Manner(urgency=5),
    MessageKind.PLAN_ISSUED: Manner(merges=False, official=True),
    MessageKind.RESULTS_PUBLISHED: Manner(merges=False, waits_for_slot=False, official=True),
    MessageKind.CYCLE_PAUSED: Manner(merges=False, waits_for_slot=False, may_be_held=False, official=True),
    MessageKind.CYCLE_RESUMED: Manner(merges=False, waits_for_slot=False, may_be_held=False, official=True),
    MessageKind.CYCLE_CANCELLED: Manner(merges=False, waits_for_slot=False, may_be_held=False, official=True),
    MessageKind.COORDINATOR_DIGEST: Manner(merges=False),
    MessageKind.SIGN_IN_LINK: Manner(merges=False, waits_for_slot=False, may_be_held=False, confidential=True),
    MessageKind.PASSWORD_RESET: Manner(merges=False, waits_for_slot=False, may_be_held=False, confidential=True),
    MessageKind.INVITATION: Manner(merges=False, waits_for_slot=False, may_be_held=False, confidential=True),
    MessageKind.ACCOUNT_CHANGED: Manner(merges=False, waits_for_slot=False, may_be_held=False, confidential=True),
    MessageKind.TEST_MAIL: Manner(merges=False, waits_for_slot=False, may_be_held=False),
}


def manner(kind: MessageKind) -> Manner:
    """Return how a kind of message leaves."""
    return MANNERS.get(kind, Manner())
