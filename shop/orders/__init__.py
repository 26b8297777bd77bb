"""Checkout, payment and what becomes of an order."""
