"""Inspections: who is chosen, what was found, and the way of a finding from its remedy over the re-inspection to its end."""
