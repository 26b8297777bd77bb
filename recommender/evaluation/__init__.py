"""Evaluation: splits of a log, metrics, and the comparison of two configurations."""
