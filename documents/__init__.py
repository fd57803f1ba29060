"""Official papers drafted from facts."""
