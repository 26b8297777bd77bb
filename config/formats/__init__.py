"""Dates as the shop writes them, where that differs from Django's own."""
