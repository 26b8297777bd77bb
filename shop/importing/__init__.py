"""Brings data in from files: the journey of an import, its formats and its safety."""
