"""A database as a release left it, to be finished by the releases after it."""
