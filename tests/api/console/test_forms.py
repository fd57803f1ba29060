"""Forms: what could not be done is said once, by the form's own words for its fields."""

from __future__ import annotations

from api.console.deeds import Attempt


def test_a_fault_names_its_field_and_line_and_is_said_once() -> None:
    whole = ("findings.0.days", "phải là số nguyên")
    faults = (whole, ("percent", "không được quá 100"), ("percent", "không được quá 100"), ("unit", "đã nộp rồi"))
    labels = {"findings": "Tồn tại", "percent": "Phần trăm"}
    attempt = Attempt(action="conclude", text="Đã nộp rồi; đã nộp rồi.", faults=faults, labels=labels)
    assert attempt.said == [("Tồn tại (1)", "phải là số nguyên"), ("Phần trăm", "không được quá 100")]
