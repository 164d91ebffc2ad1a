"""Real faults on a real site: what was acknowledged is there afterwards, exactly once."""
