"""Drafting: a template and facts become a paper; the same facts become the same bytes."""

from __future__ import annotations

import re
import zipfile
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import XMLSyntaxError

from documents.sheets import fields_of
from documents.widths import set_widths
from evaluation.paper_facts import FACTS_OF
from evaluation.papers import Purpose
from store.refusals import RefusalError

if TYPE_CHECKING:
    from evaluation.paper_facts import Facts, ReportFacts

TEMPLATES = Path(__file__).with_name("templates")
_EPOCH = (1980, 1, 1, 0, 0, 0)  #: the earliest moment that a zip knows
_UNKNOWN = re.compile(r"'(?P<field>[^']+)' is undefined|has no attribute '(?P<attribute>[^']+)'")


class TemplateError(RefusalError):
    """A template cannot be used: which, why, and what it may ask for."""

    def __init__(self, template: str, *, vi: str, en: str) -> None:
        """Keep the template's name and the words."""
        self.template = template
        super().__init__(f"mẫu {template}: {vi}", f"template {template}: {en}", field="template")


class FactsError(TypeError):
    """The facts given are not those that the purpose is drafted from."""

    def __init__(self, purpose: Purpose, facts: object) -> None:
        """Keep both."""
        super().__init__(f"{purpose.value} is drafted from {FACTS_OF[purpose].__name__}, not from {type(facts).__name__}")


def draft(purpose: Purpose, facts: Facts, *, own: Path | None = None) -> bytes:
    """
    Return the paper of a purpose as a .docx; `own` is the folder of the authority's templates, which take the place of ours.

    Raises:
        TemplateError: the template is no .docx, is not written as templates are, or asks for a field that there is not.
        FactsError: the facts are those of another purpose.

    """
    if not isinstance(facts, FACTS_OF[purpose]):
        raise FactsError(purpose, facts)
    return fill(template_of(purpose, own=own), fields_of(facts))


def report(facts: ReportFacts, *, own: Path | None = None) -> bytes:
    """Return a report as a .docx; raises as `draft` does."""
    return draft(Purpose.REPORT, facts, own=own)


def template_of(purpose: Purpose, *, own: Path | None = None) -> Path:
    """Return the template of a purpose: the authority's own where its folder has one, else ours."""
    name = f"{purpose.value}.docx"
    if own is not None and (own / name).is_file():
        return own / name
    return TEMPLATES / name


def fill(template: Path, fields: dict[str, Any]) -> bytes:
    """Return a template with its fields filled in; raises as `draft` does."""
    try:
        content = template.read_bytes()
        _require_known(template, _wanted(content), fields=fields)
        paper = DocxTemplate(BytesIO(content))
        paper.render(fields, jinja_env=_environment(), autoescape=True)
        set_widths(paper.docx)
        filled = BytesIO()
        paper.save(filled)
    except UndefinedError as error:
        raise _unknown(template, _named(error), fields=fields) from error
    except SecurityError as error:
        vi, en = f"dùng thứ không được phép trong mẫu ({error.message})", f"it does what templates may not ({error.message})"
        raise TemplateError(template.name, vi=vi, en=en) from error
    except TemplateSyntaxError as error:
        vi = f"viết sai cú pháp ({error.message}); kiểm tra các dấu {{{{ }}}} và {{% %}}"
        raise TemplateError(template.name, vi=vi, en=f"it is not written as templates are ({error.message}); look at its braces") from error
    except (JinjaError, TypeError, ValueError) as error:
        raise TemplateError(template.name, vi=f"không dùng được ({error})", en=f"it cannot be filled in ({error})") from error
    except (OpcError, XMLSyntaxError, zipfile.BadZipFile, KeyError, OSError) as error:
        vi, en = "không phải tệp .docx đọc được; lưu lại bằng Word hoặc LibreOffice", "it is no .docx that can be read; save it again"
        raise TemplateError(template.name, vi=vi, en=en) from error
    return repacked(filled.getvalue())


def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


@lru_cache(maxsize=32)
def _wanted(content: bytes) -> frozenset[str]:
    """Return the names that a template asks for; found once, which takes a third of drafting."""
    return frozenset(DocxTemplate(BytesIO(content)).get_undeclared_template_variables(_environment()))


def _require_known(template: Path, wanted: frozenset[str], *, fields: dict[str, Any]) -> None:
    for name in sorted(wanted - fields.keys()):
        raise _unknown(template, name, fields=fields)


def _named(error: UndefinedError) -> str:
    found = _UNKNOWN.search(error.message or "")
    return (found["field"] or found["attribute"]) if found else str(error.message)


def _unknown(template: Path, name: str, *, fields: dict[str, Any]) -> TemplateError:
    there = ", ".join(known_fields(fields))
    return TemplateError(
        template.name, vi=f"không có trường “{name}”; các trường có: {there}", en=f"there is no field “{name}”; there are: {there}"
    )


def known_fields(fields: dict[str, Any]) -> list[str]:
    """Return the names that a template may ask for; of a list of things, also what each of them has: `lines[unit, due]`."""
    return [f"{name}[{', '.join(value[0])}]" if _is_table(value) else name for name, value in sorted(fields.items())]


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def repacked(content: bytes) -> bytes:
    """Return a .docx whose parts bear no time of day, in the order of their names but for the first."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            part = zipfile.ZipInfo(name, date_time=_EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            part.create_system = 0
            target.writestr(part, source.read(name))
    return packed.getvalue()
