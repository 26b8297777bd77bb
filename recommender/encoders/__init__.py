"""Encoders turn an item into a vector: its words, its picture, and both together."""
