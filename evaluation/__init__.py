"""The rules of the evaluation year: pure functions and frozen records, standard library only."""
