"""Roster files: a roster as YAML, as a workbook or as CSV, read into records or refused with every fault."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from config.fault_nouns import NOUNS, suggestion
from config.faults import FaultList, RosterError, only_fault
from config.roster_checks import add_roster_faults
from config.roster_records import build_roster
from config.roster_tables import read_roster_table
from config.shapes import ROSTER_SCHEMA, add_shape_faults
from config.yaml_reading import read_yaml

if TYPE_CHECKING:
    from evaluation.rosters import Roster

SHIPPED_ROSTERS = Path(__file__).with_name("rosters")
YAML_ENDINGS = (".yaml", ".yml")
TABLE_ENDINGS = (".xlsx", ".csv")
ENDINGS = (*YAML_ENDINGS, *TABLE_ENDINGS)


def load_roster(path: Path) -> Roster:
    """
    Return the roster of a .yaml, .xlsx or .csv file.

    Raises:
        RosterError: the file has faults; all of them are listed and nothing is taken.

    """
    faults = FaultList(file=str(path))
    is_yaml = path.suffix.lower() in YAML_ENDINGS
    source = read_yaml(path, faults) if is_yaml else read_roster_table(path, faults)
    if source is not None:
        add_shape_faults(source, schema=ROSTER_SCHEMA, faults=faults)
        add_roster_faults(source, faults)
    if source is None or faults:
        raise RosterError(faults)
    return build_roster(source)


def shipped_rosters() -> tuple[Path, ...]:
    """Return the files of the rosters that come with dondoc, by name."""
    return tuple(sorted(SHIPPED_ROSTERS.glob("*.yaml")))


def find_roster(name: str, *, beside: Path) -> Path:
    """
    Return the file of the roster that a plan names.

    Looked for, in this order: beside the plan, in a folder `rosters` beside it or beside its folder, among the shipped ones.

    Raises:
        RosterError: no such file is there.

    """
    folders = (beside.parent, beside.parent / "rosters", beside.parent.parent / "rosters", SHIPPED_ROSTERS)
    names = (name,) if name.lower().endswith(ENDINGS) else tuple(name + ending for ending in ENDINGS)
    for folder in folders:
        for candidate in (folder / named for named in names):
            if candidate.is_file() and candidate.resolve() != beside.resolve():
                return candidate
    known = [path.stem for folder in folders for ending in ENDINGS for path in sorted(folder.glob(f"*{ending}")) if path != beside]
    near = suggestion(name, list(dict.fromkeys(known)))
    raise RosterError(only_fault("not-found", file=beside, noun=NOUNS["roster"], value=name, near=near))
