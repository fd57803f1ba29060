"""The tables: design §1's nouns, one row class each. Only `store` sees them."""

from store.tables.accounts import (
    AccountEventRow,
    AccountRow,
    ApiTokenRow,
    DoorTryRow,
    OidcIdentityRow,
    OneTimeLinkRow,
    RecoveryCodeRow,
    SessionRow,
)
from store.tables.asking import ReportRequestRow
from store.tables.branding import BrandingRow
from store.tables.council import (
    CouncilConflictRow,
    CouncilMatterRow,
    CouncilMemberRow,
    CouncilSessionRow,
    CouncilVoteRow,
    RecommendationRow,
)
from store.tables.criteria import CriteriaLeadRow, CriteriaPinRow, CriteriaSetRow, CriteriaVersionRow
from store.tables.cycles import CycleRow, PlanVersionRow, StageRow
from store.tables.evidence import EvidenceFileRow, EvidenceRow
from store.tables.improvement import MeasureProgressRow, MeasureRow, WeakCriterionRow
from store.tables.inspections import FindingRow, FindingStepRow, InspectionDrawRow, InspectionMemberRow, InspectionRow
from store.tables.jobs import JobRow
from store.tables.journal import JournalHeadRow, JournalRow, LeaseRow
from store.tables.outbox import AttemptRow, MessageBodyRow, MessageRow, NoticeRow
from store.tables.papers import AskedPaperRow, PaperAboutRow, PaperRow, PaperVersionRow
from store.tables.people import (
    AuthorityRow,
    CalendarDayRow,
    CalendarRow,
    CalendarYearRow,
    ContactRow,
    PartyRow,
    SuccessionRow,
    SuperiorRow,
)
from store.tables.publication import EditionRow, ResultRulesRow, RewardRow
from store.tables.reports import OwnFormRow, ReportAnswerRow, ReportFormRow, ReportSubmissionRow
from store.tables.requests import KeyedRequestRow
from store.tables.scores import ExemptionRow, ScoreChangeRow, ScoreRow
from store.tables.survey import BallotRow, SurveyCloseRow, SurveyCodeRow, SurveyFormRow, SurveySampleRow
from store.tables.unit_work import ExtensionRequestRow, SubmissionRow
from store.tables.work import ObligationRow, PreparedTextRow, RungRow, TermRow

__all__ = [
    "AccountEventRow",
    "AccountRow",
    "ApiTokenRow",
    "AskedPaperRow",
    "AttemptRow",
    "AuthorityRow",
    "BallotRow",
    "BrandingRow",
    "CalendarDayRow",
    "CalendarRow",
    "CalendarYearRow",
    "ContactRow",
    "CouncilConflictRow",
    "CouncilMatterRow",
    "CouncilMemberRow",
    "CouncilSessionRow",
    "CouncilVoteRow",
    "CriteriaLeadRow",
    "CriteriaPinRow",
    "CriteriaSetRow",
    "CriteriaVersionRow",
    "CycleRow",
    "DoorTryRow",
    "EditionRow",
    "EvidenceFileRow",
    "EvidenceRow",
    "ExemptionRow",
    "ExtensionRequestRow",
    "FindingRow",
    "FindingStepRow",
    "InspectionDrawRow",
    "InspectionMemberRow",
    "InspectionRow",
    "JobRow",
    "JournalHeadRow",
    "JournalRow",
    "KeyedRequestRow",
    "LeaseRow",
    "MeasureProgressRow",
    "MeasureRow",
    "MessageBodyRow",
    "MessageRow",
    "NoticeRow",
    "ObligationRow",
    "OidcIdentityRow",
    "OneTimeLinkRow",
    "OwnFormRow",
    "PaperAboutRow",
    "PaperRow",
    "PaperVersionRow",
    "PartyRow",
    "PlanVersionRow",
    "PreparedTextRow",
    "RecommendationRow",
    "RecoveryCodeRow",
    "ReportAnswerRow",
    "ReportFormRow",
    "ReportRequestRow",
    "ReportSubmissionRow",
    "ResultRulesRow",
    "RewardRow",
    "RungRow",
    "ScoreChangeRow",
    "ScoreRow",
    "SessionRow",
    "StageRow",
    "SubmissionRow",
    "SuccessionRow",
    "SuperiorRow",
    "SurveyCloseRow",
    "SurveyCodeRow",
    "SurveyFormRow",
    "SurveySampleRow",
    "TermRow",
    "WeakCriterionRow",
]
