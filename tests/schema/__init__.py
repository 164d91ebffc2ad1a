"""Answers against the OpenAPI document."""
