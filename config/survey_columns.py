"""The words by which the columns of survey tables are known, folded as `config.table_columns` folds them."""

from __future__ import annotations

from evaluation.scores.ballots import Mode

#: What people call the columns of a sample plan.
SAMPLE = {
    "unit": ("unit", "đơn vị", "mã đơn vị", "khóa đơn vị"),
    "respondents": ("respondents", "nhóm đối tượng", "đối tượng", "nhóm"),
    "planned": ("planned", "số phiếu", "dự kiến", "số phiếu dự kiến"),
    "mode": ("mode", "hình thức"),
}
#: What the exports of LimeSurvey and KoboToolbox, and people, call what a ballot says beside its answers.
BALLOT = {
    "number": ("id", "response id", "_id", "_uuid", "id. response id", "số phiếu", "mã phiếu", "mã phản hồi"),
    "unit": ("unit", "don_vi", "đơn vị được đánh giá", "đơn vị", "mã đơn vị"),
    "set": ("question_set", "set", "bo_cau_hoi", "bộ câu hỏi", "nhóm đối tượng", "respondents"),
    "from_unit": ("from_unit", "don_vi_cong_tac", "đơn vị công tác"),
    "approved": ("_validation_status",),
    "submitted": ("submitdate", "submitdate. date submitted", "date submitted", "ngày gửi"),
}
#: What KoboToolbox says of a submission that somebody refused.
NOT_APPROVED = frozenset({"not approved", "validation status not approved"})
#: How ballots are given, by the words of a sample plan.
MODES = {"truc tiep": Mode.DIRECT, "giay": Mode.DIRECT, "direct": Mode.DIRECT, "truc tuyen": Mode.ONLINE, "online": Mode.ONLINE}
