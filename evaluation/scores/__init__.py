"""Scores: from the score of a leaf to the published table: methods, sheets, the index, ranking, survey, council, the frozen bundle."""
