"""Changing: what every change goes through. One transaction: the key, the right, the state that is meant, the command, the answer."""
