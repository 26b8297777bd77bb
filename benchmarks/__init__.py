"""Measurements: speed, memory, quality, and what survives being killed."""
