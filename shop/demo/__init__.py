"""Paints a catalogue and simulates shoppers, so that a new shop is not empty."""
