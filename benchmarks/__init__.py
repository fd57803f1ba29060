"""Benchmarks: ratios measured in one run, printed as the tables of docs/performance.md; never timed tests."""
