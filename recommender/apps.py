"""Registers the recommender with Django."""

from django.apps import AppConfig


class RecommenderConfig(AppConfig):
    """Recommendations from pictures, words and actions."""

    name = "recommender"
    verbose_name = "Recommender"
