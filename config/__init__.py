"""Settings, the clock, and what an authority writes down: plans, rosters, calendars, criteria, read into records."""
