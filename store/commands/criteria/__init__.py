"""What people do with criteria sets: take in, correct, copy, name leads, and pin a version for a cycle."""
