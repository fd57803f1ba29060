"""Plan files: a plan as YAML, read into records together with its roster, or refused with every fault of both."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from config.fault_nouns import NOUNS, Both, shown, suggestion
from config.faults import Fault, FaultList, PlanError, RosterError, only_fault
from config.form_files import form_keys
from config.plan_checks import add_plan_faults
from config.plan_records import build_plan
from config.roster_files import find_roster, load_roster
from config.shapes import PLAN_SCHEMA, add_shape_faults
from config.yaml_reading import read_yaml, source_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from config.source import Source
    from evaluation.plans import Plan
    from evaluation.rosters import Roster

SHIPPED_PLANS = Path(__file__).with_name("plans")


def load_plan(path: Path) -> Plan:
    """
    Return the plan of a YAML file, its words checked against its roster.

    Raises:
        PlanError: the plan or its roster has faults; all of them are listed and nothing is taken.

    """
    return load_plan_and_roster(path)[0]


def load_plan_and_roster(path: Path, *, forms: Collection[str] = ()) -> tuple[Plan, Roster]:
    """
    Return the plan of a YAML file and the roster that it names; raises as `load_plan` does.

    Its reports may ask the shipped forms, and `forms`: the keys of an authority's own.
    """
    faults = FaultList(file=str(path))
    source = read_yaml(path, faults)
    if source is None:
        raise PlanError(faults)
    add_shape_faults(source, schema=PLAN_SCHEMA, faults=faults)
    roster, roster_faults = _roster_of(source, path, faults)
    add_plan_faults(source, roster=roster, faults=faults, forms=sorted({*form_keys(), *forms}))
    if faults or roster_faults or roster is None:
        raise PlanError([*faults, *roster_faults])
    return build_plan(source), roster


def parse_plan(text: str, *, file: str, roster: Roster | None = None, forms: Collection[str] | None = None) -> Plan:
    """
    Return the plan of a YAML text that was checked against its roster when it came in, such as a stored version; or is checked on another.

    Raises:
        PlanError: the text is no plan; every fault is listed; words that the roster lacks, and forms not known, only where those are given.

    """
    return _parsed(text, file) if roster is None and forms is None else _parse(text, file, roster, forms)


@lru_cache(maxsize=16)
def _parsed(text: str, file: str) -> Plan:
    """Return the plan of a text; a page that lists the shipped plans reads each once, not at every visit."""
    return _parse(text, file, None, None)


def _parse(text: str, file: str, roster: Roster | None, forms: Collection[str] | None) -> Plan:
    faults = FaultList(file=file)
    source = source_of(text, faults)
    if source is None:
        raise PlanError(faults)
    add_shape_faults(source, schema=PLAN_SCHEMA, faults=faults)
    add_plan_faults(source, roster=roster, faults=faults, forms=forms)
    if faults:
        raise PlanError(faults)
    return build_plan(source)


def _roster_of(source: Source, path: Path, faults: FaultList) -> tuple[Roster | None, tuple[Fault, ...]]:
    """Return the roster that the plan names, or None and its faults; that there is none is a fault of the plan."""
    name = source.mapping().get("roster")
    if not isinstance(name, str) or not name or "/" in name or "\\" in name:
        return None, ()  # a fault of the shape
    try:
        found = find_roster(name, beside=path)
    except RosterError as error:
        fault = error.faults[0]
        near = Both(en=fault.instead, vi=fault.instead_vi)
        faults.add("not-found", source.place(("roster",)), noun=NOUNS["roster"], value=shown(name), near=near)
        return None, ()
    try:
        return load_roster(found), ()
    except RosterError as error:
        return None, error.faults


def shipped_plans() -> tuple[Path, ...]:
    """Return the files of the plans that come with dondoc, by name."""
    return tuple(sorted(SHIPPED_PLANS.glob("*.yaml")))


def find_plan(name_or_path: str | Path) -> Path:
    """
    Return the file of a plan: a path to one, or the key of a shipped one.

    Raises:
        PlanError: there is neither.

    """
    path = Path(name_or_path)
    if path.is_file():
        return path
    shipped = {plan.stem: plan for plan in shipped_plans()}
    if str(name_or_path) in shipped:
        return shipped[str(name_or_path)]
    near = suggestion(str(name_or_path), shipped)
    raise PlanError(only_fault("not-found", file=path, noun=NOUNS["plan"], value=shown(name_or_path), near=near))
