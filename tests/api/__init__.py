"""The orchestration API over HTTP, on a whole site."""
