"""Whole cases, taken through the site by the people of the demo region."""
