"""The survey of a cycle: question sets, sample, ballots, closing."""
