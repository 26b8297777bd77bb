"""The recommender: learns from pictures, words and actions, and fills the panels of the shop."""
