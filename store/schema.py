"""The tables as Core sees them: bulk statements name these, never the row classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import SQLModel

import store.tables  # noqa: F401  (fills the metadata)

if TYPE_CHECKING:
    from sqlalchemy import Table

METADATA = SQLModel.metadata


def _table(name: str) -> Table:
    return METADATA.tables[name]


AUTHORITY = _table("authority")
BRANDING = _table("branding")
PARTY = _table("party")
SUPERIOR = _table("superior")
SUCCESSION = _table("succession")
CONTACT = _table("contact")
CALENDAR = _table("calendar")
CALENDAR_DAY = _table("calendar_day")
CALENDAR_YEAR = _table("calendar_year")
CYCLE = _table("cycle")
PLAN_VERSION = _table("plan_version")
STAGE = _table("stage")
OBLIGATION = _table("obligation")
PREPARED_TEXT = _table("prepared_text")
TERM = _table("term")
RUNG = _table("rung")
NOTICE = _table("notice")
MESSAGE = _table("message")
MESSAGE_BODY = _table("message_body")
ATTEMPT = _table("attempt")
JOURNAL = _table("journal")
JOURNAL_HEAD = _table("journal_head")
LEASE = _table("lease")
ACCOUNT = _table("account")
SESSION = _table("session")
ONE_TIME_LINK = _table("one_time_link")
RECOVERY_CODE = _table("recovery_code")
API_TOKEN = _table("api_token")
ACCOUNT_EVENT = _table("account_event")
DOOR_TRY = _table("door_try")
OIDC_IDENTITY = _table("oidc_identity")
EVIDENCE_FILE = _table("evidence_file")
EVIDENCE = _table("evidence")
SUBMISSION = _table("submission")
EXTENSION_REQUEST = _table("extension_request")
KEYED_REQUEST = _table("keyed_request")
JOB = _table("job")
OWN_FORM = _table("own_form")
REPORT_FORM = _table("report_form")
REPORT_ANSWER = _table("report_answer")
REPORT_SUBMISSION = _table("report_submission")
PAPER = _table("paper")
PAPER_VERSION = _table("paper_version")
PAPER_ABOUT = _table("paper_about")
ASKED_PAPER = _table("asked_paper")
CRITERIA_SET = _table("criteria_set")
CRITERIA_VERSION = _table("criteria_version")
CRITERIA_LEAD = _table("criteria_lead")
CRITERIA_PIN = _table("criteria_pin")
INSPECTION_DRAW = _table("inspection_draw")
INSPECTION = _table("inspection")
INSPECTION_MEMBER = _table("inspection_member")
FINDING = _table("finding")
FINDING_STEP = _table("finding_step")
REPORT_REQUEST = _table("report_request")
SCORE = _table("score")
SCORE_CHANGE = _table("score_change")
EXEMPTION = _table("exemption")
WEAK_CRITERION = _table("weak_criterion")
MEASURE = _table("measure")
MEASURE_PROGRESS = _table("measure_progress")
SURVEY_FORM = _table("survey_form")
SURVEY_SAMPLE = _table("survey_sample")
SURVEY_CODE = _table("survey_code")
BALLOT = _table("ballot")
SURVEY_CLOSE = _table("survey_close")
COUNCIL_MEMBER = _table("council_member")
COUNCIL_SESSION = _table("council_session")
COUNCIL_MATTER = _table("council_matter")
COUNCIL_VOTE = _table("council_vote")
COUNCIL_CONFLICT = _table("council_conflict")
RECOMMENDATION = _table("recommendation")
RESULT_RULES = _table("result_rules")
EDITION = _table("edition")
REWARD = _table("reward")
