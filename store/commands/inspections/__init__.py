"""What people do about inspections: choose units, hold one, conclude, remedy, look again, close; and what the tick does."""
