"""Learners turn actions into scores: what goes with what, and what is wanted now."""
