"""Tests of every address, as everybody."""
