"""Others doing the same work, measured in one run with us."""
