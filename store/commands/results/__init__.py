"""Commands of results: exemptions, settings, publication, rewards."""
