"""Criteria files: a criteria set as YAML or as a workbook, read into records or refused with every fault at its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from config.criteria_checks import add_criteria_faults, add_findings
from config.criteria_records import build_criteria
from config.criteria_tables import read_criteria_table
from config.fault_nouns import NOUNS, shown, suggestion
from config.faults import CriteriaError, Fault, FaultList, only_fault
from config.shapes import add_shape_faults
from config.yaml_reading import read_yaml
from evaluation.criteria.checks import findings_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from evaluation.criteria.checks import Finding
    from evaluation.criteria.sets import CriteriaSet

SHIPPED_CRITERIA = Path(__file__).with_name("criteria")
CRITERIA_SCHEMA = SHIPPED_CRITERIA / "criteria.schema.json"
YAML_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, kw_only=True)
class ReadCriteria:
    """A set as its file says it, and what in it does not add up, each as a fault at its place."""

    criteria: CriteriaSet
    findings: tuple[Finding, ...]
    misfits: tuple[Fault, ...]

    def named(self, key: str) -> ReadCriteria:
        """Return the same under a key that was said beside the file."""
        return replace(self, criteria=replace(self.criteria, key=key))

    def require_sums(self, reason: str) -> None:
        """Refuse what does not add up where no reason is given for taking it as printed; CriteriaError."""
        if self.misfits and not reason.strip():
            raise CriteriaError(self.misfits)


def read_criteria(path: Path, *, name: str = "", parties: Collection[str] | None = None) -> ReadCriteria:
    """
    Return the set of a .yaml or .xlsx file; `name` is what its faults call the file, `parties` are those that may lead.

    Raises:
        CriteriaError: the file has faults of form; all of them are listed and nothing is taken.

    """
    faults = FaultList(file=name or str(path))
    is_yaml = path.suffix.lower() in YAML_ENDINGS
    source = read_yaml(path, faults) if is_yaml else read_criteria_table(path, faults)
    if source is not None:
        add_shape_faults(source, schema=CRITERIA_SCHEMA, faults=faults)
        add_criteria_faults(source, faults, parties=parties)
    if source is None or faults:
        raise CriteriaError(faults)
    criteria = build_criteria(source.mapping(), file=faults.file, line_of=lambda steps: source.place(steps).line)
    findings = findings_of(criteria)
    misfits = FaultList(file=faults.file)
    add_findings(source, findings, misfits)
    return ReadCriteria(criteria=criteria, findings=findings, misfits=tuple(misfits))


def read_uploaded(content: bytes, *, name: str, parties: Collection[str] | None = None) -> ReadCriteria:
    """Return the set of a file that was sent, read by the ending of its name; raises as `read_criteria` does."""
    endings = (*YAML_ENDINGS, ".xlsx", ".xlsm")
    suffix = next((ending for ending in endings if name.lower().endswith(ending)), ".xlsx")
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"criteria{suffix}"
        file.write_bytes(content)
        return read_criteria(file, name=name, parties=parties)


def shipped_criteria() -> tuple[Path, ...]:
    """Return the files of the criteria sets that come with dondoc, by name."""
    return tuple(sorted(SHIPPED_CRITERIA.glob("*.yaml")))


def find_criteria(name_or_path: str | Path) -> Path:
    """
    Return the file of a criteria set: a path to one, or the key of a shipped one.

    Raises:
        CriteriaError: there is neither.

    """
    path = Path(name_or_path)
    if path.is_file():
        return path
    shipped = {found.stem: found for found in shipped_criteria()}
    if str(name_or_path) in shipped:
        return shipped[str(name_or_path)]
    near = suggestion(str(name_or_path), shipped)
    raise CriteriaError(only_fault("not-found", file=path, noun=NOUNS["criteria"], value=shown(name_or_path), near=near))
