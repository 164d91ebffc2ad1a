"""What the service can do: one function is one transaction, and gives frozen views."""
