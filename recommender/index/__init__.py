"""Nearest neighbours: the K most similar rows of a matrix of vectors."""
