"""A body for each schema of a request, as a real one would be; a test sends each."""

from __future__ import annotations

from typing import Any

_WHY = {"reason": "dời theo chỉ đạo của Chủ tịch UBND", "basis": "CV 12/SNV ngày 01/04/2026"}
_UNIT = {
    "key": "xa-31813",
    "kind": "unit",
    "name": "UBND xã Bình Minh",
    "level": "commune",
    "group": "xa",
    "superior": "ubnd",
    "mailbox": "vanthu@xa-31813.invalid",
    "valid_from": "2025-07-01",
    "code": "31813",
    "source": "NQ 1687/NQ-UBTVQH15",
}
_PERSON = {"key": "officer.xa-31813", "name": "Nguyễn Văn A", "address": "canbo@xa-31813.invalid", "phone": "0270 3822 000"}
_CONTACT = {**_PERSON, "party": "xa-31813", "role": "officer"}
_DAY = {"on": "2027-01-01", "kind": "off", "name": "Tết Dương lịch", "source": "TB 5034/TB-BLĐTBXH", "decision": "5034/TB-BLĐTBXH"}
_LEAVE = {"on": "2026-06-30", "successor": "xa-31820"}
_DATE = {"part": "due", "on": "2026-04-15"}
_FORM = """format: 1
key: cchc-dinh-ky
title: Báo cáo cải cách hành chính định kỳ
title_en: Periodic report of administrative reform
source: 185/SNV-CCHC&VTLT
sections:
  - key: thu-tuc
    title: Cải cách thủ tục hành chính
    title_en: Reform of administrative procedures
    fields:
      - {key: hs-tiep-nhan, kind: number, title: Hồ sơ tiếp nhận trong kỳ, title_en: Files received, unit: hồ sơ, min: 0, max: 1000000}
"""
_CRITERIA = """format: 1
key: so-2026
title: Bộ tiêu chí thử
total: "100"
criteria:
  - {key: "1", title: Chỉ đạo điều hành, maximum: "100"}
"""
_QUESTIONS = """format: 1
key: phieu-2026
title: Phiếu điều tra xã hội học
sets:
  - key: nguoi-dan
    respondents: Người dân
    title: Phiếu hỏi ý kiến người dân
    questions:
      - key: d1
        words: Ông/bà có hài lòng không?
        leaf: "3.3"
        points: "4.00"
        answers: [{key: A, words: Có, weight: 100}, {key: B, words: Không, weight: 0}]
"""

BODIES: dict[str, Any] = {
    # the doors, the account
    "AddressIn": {"email": "canbo@tinh.invalid"},
    "HeadIn": {"name": "UBND tỉnh Quảng Nam", "short_name": "CCHC Quảng Nam", "standing_line": "Sở Nội vụ"},
    "ChangePasswordIn": {"current": "mat khau dang dung", "password": "bon tu ngau nhien nhe"},
    "CodeIn": {"code": "123456"},
    "LinkIn": {"token": "4kq8v0h2"},
    "NewPasswordIn": {"token": "4kq8v0h2", "password": "bon tu ngau nhien nhe"},
    "PasswordIn": {"password": "mat khau dang dung"},
    "SignInIn": {"email": "canbo@tinh.invalid", "password": "mat khau dang dung"},
    "TokenIn": {"name": "báo cáo tuần", "scopes": ["read"], "days": 90},
    "InvitationsIn": {"authority": "quang-nam", "contacts": ["officer.xa-1"], "everyone": False},
    # work
    "RemarkIn": {"reason": "đủ hồ sơ", "basis": ""},
    "ReasonIn": {"reason": "vì mưa lũ", "basis": "CV 12/SNV ngày 01/04/2026"},
    "PrepareIn": {"text": "Báo cáo tự chấm điểm"},
    "SubmitIn": {"text": "Báo cáo tự chấm điểm", "document": "25/BC-UBND ngày 18/03/2026"},
    "ReturnIn": {"reason": "thiếu tài liệu kiểm chứng", "items": [{"item": "bao-cao", "words": "chưa ký"}]},
    "DueIn": {"reason": "vì mưa lũ", "basis": "CV 12/SNV ngày 01/04/2026", "due_on": "2026-04-15"},
    "WishIn": {"due_on": "2026-04-15", "reason": "vì mưa lũ"},
    "TransferIn": {"reason": "sáp nhập", "basis": "NQ 1687/NQ-UBTVQH15", "to": "xa-2"},
    "UrgeIn": {"by": "phone", "note": "đã gọi cho văn phòng"},
    "ReassignIn": {"contact": "head.xa-1"},
    "ExtendManyIn": {"obligations": [17, 18], "due_on": "2026-04-15", "reason": "vì mưa lũ", "preview": True},
    "UrgeManyIn": {"obligations": [17, 18], "by": "mail"},
    "WaiveManyIn": {"obligations": [17, 18], "reason": "xã đã sáp nhập", "basis": "NQ 1/HĐND", "preview": True},
    # results
    "ExemptIn": {"unit": "xa-31813", "node": "2.1", "reason": "Không có chức năng", "basis": "CV 12/SNV ngày 01/04/2026", "preview": True},
    "RulesIn": {"cap": "100", "bands": [{"name": "Tốt", "least": "90"}], "ties": "shared", "reason": "theo Quy chế xếp hạng"},
    "PublishIn": {"number": "617/QĐ-UBND", "dated": "2026-03-29", "issuer": "UBND tỉnh"},
    "RewardIn": {"unit": "xa-31813", "form": "Bằng khen", "decision": "88/QĐ-UBND"},
    # sheets
    "ScoreLeafIn": {"version": 0, "done": "45", "of": "50", "explanation": "theo hệ thống một cửa, chốt ngày 30/11"},
    "AppraiseLeafIn": {"version": 1, "points": "1.5", "remark": "thiếu báo cáo quý III"},
    "SeenIn": {"version": 2},
    "TakeOverIn": {"unit": "so-ke-hoach-dau-tu"},
    "AcceptScoresIn": {"leaves": [{"node": "1.1", "version": 1}], "preview": True},
    "ReturnLeavesIn": {"leaves": [{"node": "1.1", "remark": "tệp không mở được"}]},
    "ExplainLeafIn": {"version": 2, "text": "đã gửi, số 15/BC-UBND"},
    "RuleOnLeafIn": {"version": 3, "accepted": True, "points": "2", "reason": "có báo cáo"},
    # reports and inspections
    "ReportIn": {"version": 0, "answers": {"hs-tiep-nhan": "1.000"}},
    "PlanInspectionsIn": {"units": ["xa-31813"], "kind": "planned", "day": "2026-04-15"},
    "DrawIn": {"seed": "bốc thăm ngày 02/03/2026", "wanted": 5, "plan": True, "kind": "surprise", "day": "2026-05-20"},
    "ScheduleIn": {"day": "2026-04-15"},
    "TeamIn": {"members": [{"contact": "head.so-tu-phap", "is_lead": True}]},
    "MinutesIn": {"held_on": "2026-04-15", "began": "08:00", "ended": "11:30", "number": "05/BB-ĐKT ngày 15/04/2026"},
    "ConclusionsIn": {
        "on": "2026-04-20",
        "number": "12/TB-ĐKT ngày 20/04/2026",
        "findings": [{"text": "chưa công khai đủ thủ tục", "basis": "NĐ 61/2018/NĐ-CP", "days": 15}],
    },
    "RemedyIn": {"claim": "done", "text": "đã công khai đủ thủ tục", "no_evidence": "niêm yết tại trụ sở"},
    "LookIn": {"outcome": "not", "text": "còn thiếu 12 thủ tục", "number": "08/BB-PT", "reopen": True},
    "ReopenIn": {"days": 15},
    # survey and council
    "QuestionsIn": {"yaml": _QUESTIONS},
    "SampleIn": {"quotas": {"Người dân": 10, "Công chức, viên chức": 15}, "mode": "direct"},
    "BatchIn": {"unit": "xa-31813", "respondents": "Người dân", "count": 10},
    "BallotIn": {"number": "0017", "unit": "xa-31813", "respondents": "Người dân", "answers": {"d1": "A"}},
    "BallotsIn": {"file": "aWQsdW5pdCxzZXQsZDEKMSx4YS0zMTgxMyxuZ3VvaS1kYW4sQQo=", "name": "phieu.csv"},
    "ReopenSurveyIn": {"reason": "sót 12 phiếu giấy của xã Bình Minh"},
    "CloseSurveyIn": {"reason": "đủ phiếu theo phương án"},
    "CouncilMembersIn": {"decision": "12/QĐ-UBND ngày 05/01/2026", "members": [{"contact": "head.so-tu-phap", "post": "chair"}]},
    "SessionIn": {"held_on": "2026-02-20", "present": ["head.so-tu-phap"]},
    "CouncilMinutesIn": {"session": 1, "number": "03/BB-HĐTĐ ngày 20/02/2026", "text": "thông qua"},
    "MatterIn": {"session": 1, "words": "Điểm mục 2.1 của xã Bình Minh", "unit": "xa-31813", "scores": {"2.1": "4.5"}, "why": "đủ hồ sơ"},
    "VotesIn": {"session": 1, "matter": 1, "votes": [{"contact": "head.so-tu-phap", "choice": "for", "how": "present"}]},
    "CloseSessionIn": {"session": 1},
    "OwnVoteIn": {"session": 1, "matter": 1, "choice": "for"},
    "OwnConflictIn": {"unit": "xa-31813", "reason": "nguyên Chủ tịch UBND xã"},
    "ConflictIn": {"contact": "head.so-tu-phap", "unit": "xa-31813", "reason": "nguyên Chủ tịch UBND xã"},
    "ResolveIn": {"session": 1, "matter": 1, "recommendations": [{"text": "tập huấn cho công chức xã", "to": "so-noi-vu"}]},
    # papers
    "DraftIn": {"cycle": 1, "purpose": "urging-letter", "obligations": [17, 18]},
    "ResultPaperIn": {"cycle": 1, "purpose": "result-sheet", "unit": "xa-31813"},
    "RedraftIn": {"summary": "đôn đốc gửi báo cáo", "addressees": ["UBND xã Bình Minh"], "answer_by": "2026-04-15"},
    "NumberIn": {"number": "185/SNV-CCHC", "dated": "2026-04-15"},
    "DiscardIn": {"reason": "các đơn vị đã gửi báo cáo"},
    "RegisterIn": {"kind": "CV", "number": "581/BNV-CCHC", "dated": "2026-03-01", "issuer": "Bộ Nội vụ", "summary": "Chế độ báo cáo"},
    # running the year
    "LaunchIn": {"authority": "quang-nam", "year": 2026, "plan": "quang-nam-2023", "preview": True},
    "WeakFileIn": {
        "criteria": "chi-so-tinh",
        "csv": "Đơn vị,Tiêu chí,Điểm đạt,Nguyên nhân\nSở Tư pháp,2.1,0,Chưa ban hành kế hoạch\n",
        "preview": True,
    },
    "WeakPublishedIn": {"preview": True},
    "MeasureIn": {"text": "Ban hành kế hoạch theo dõi thi hành pháp luật", "answers": "Phòng Văn bản", "due_on": "2026-06-30"},
    "ProgressIn": {"percent": 60, "remark": "Đã lấy ý kiến các đơn vị"},
    "AskIn": {
        "title": "Thiệt hại do bão số 3",
        "asks": "Số hồ sơ trễ hẹn, nguyên nhân",
        "groups": ["xa"],
        "within": {"count": 4, "unit": "hours"},
        "document": "45/UBND-NC",
        "document_on": "2026-03-16",
        "preview": True,
    },
    "CycleWordsIn": _WHY,
    "ChangeIn": {"dates": {"tu-cham.due": "2026-04-15"}, "calendar": False},
    "ReplanIn": {"dates": {"tu-cham.due": "2026-04-15"}, **_WHY},
    "DateIn": _DATE,
    "MoveDueIn": {**_DATE, **_WHY},
    "JoinIn": {"unit": _UNIT, "contacts": [_CONTACT]},
    "ApplyJoinIn": {"unit": _UNIT, "contacts": [_CONTACT], **_WHY},
    "LeaveIn": _LEAVE,
    "ApplyLeaveIn": {**_LEAVE, **_WHY},
    "CalendarYearIn": {"year": 2027, "status": "decided", "days": [_DAY]},
    # criteria
    "CriteriaFileIn": {"yaml": _CRITERIA},
    "FormIn": {"yaml": _FORM},
    "CriteriaIn": {"yaml": _CRITERIA, "number": "12/QĐ-UBND", "dated": "2026-01-05"},
    "CorrectionIn": {"yaml": _CRITERIA, "number": "15/QĐ-UBND", "dated": "2026-02-05", "reason": "bản in sai"},
    "CriteriaCopyIn": {"key": "so-2027", "year": 2027},
    "LeadIn": {"node": "1", "party": "so-noi-vu", "since": "2026-03-01", "reason": "sáp nhập"},
    "PinIn": {"group": "xa", "criteria": "so-2026"},
    # people
    "UnitIn": _UNIT,
    "ContactIn": _CONTACT,
    "PersonIn": {**_PERSON, "valid_from": "2026-02-01"},
    "LastDayIn": {"on": "2026-06-30"},
    "NewAddressIn": {"address": "canbo@xa-31813.invalid"},
    "DeputyIn": {"deputy": "head.xa-1", "since": "2026-02-01", "until": "2026-02-20"},
    "SuperiorIn": {"superior": "ubnd", "since": "2026-07-01"},
    "SuccessorIn": {"successor": "xa-31820"},
    "RowsIn": {"units": [_UNIT], "contacts": [_CONTACT], "preview": True},
}
