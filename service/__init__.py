"""Sluitend runs a region's processes between school, care and municipality."""
