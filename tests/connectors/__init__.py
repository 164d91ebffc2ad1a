"""What the service says to others, tried against real servers."""
