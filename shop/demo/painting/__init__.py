"""Draws the demonstration catalogue: a small studio with one light, one camera and many things."""
