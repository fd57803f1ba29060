"""The council: members, sessions, votes, what it settles and recommends."""
