"""Criteria sets: what a unit is measured by, as a tree of any depth; its sums, its leads, and how two sets differ."""
