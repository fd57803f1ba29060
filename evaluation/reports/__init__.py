"""Periodic reports: periods and their data, the chain they go up, forms and what is wrong with their answers, facts of a period."""
