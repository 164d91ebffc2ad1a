"""What the service says to other systems: mail, letters, documents. Nothing is connected yet."""
