"""The doors: who comes in, by what, how often they may try, and what no request may bring."""
