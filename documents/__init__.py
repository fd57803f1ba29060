"""
Official papers, drafted from facts as .docx in the form of NĐ 30/2020/NĐ-CP.

`draft(purpose, facts)` returns the bytes of the paper; `report(facts)` is the same for a report. Facts are the frozen records of
`evaluation.paper_facts`: `OwedFacts` (urging letter, list of late units to the chair, letter of criticism), `ReportFacts` (a report of
sections, each of paragraphs and tables), `ConclusionsFacts`, `MinutesFacts`; each has a `Cover` (head, number, date, summary, addressees,
copies, signature). The same facts give the same bytes. An authority's own template takes the place of ours where the folder of the
setting `DONDOC_PAPER_TEMPLATES` has one of the same name; a template that asks for a field which does not exist is refused by name, and
nothing is written.
"""

from documents.drafting import TemplateError, draft, report

__all__ = ["TemplateError", "draft", "report"]
