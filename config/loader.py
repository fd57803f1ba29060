"""The loader: files that people write, read into the records of `evaluation`, with every fault by file and line."""

from config.faults import Fault, InputError, PlanError, RosterError
from config.plan_files import find_plan, load_plan, load_plan_and_roster, parse_plan, shipped_plans
from config.roster_files import find_roster, load_roster, shipped_rosters

__all__ = [
    "Fault",
    "InputError",
    "PlanError",
    "RosterError",
    "find_plan",
    "find_roster",
    "load_plan",
    "load_plan_and_roster",
    "load_roster",
    "parse_plan",
    "shipped_plans",
    "shipped_rosters",
]
