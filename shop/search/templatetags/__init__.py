"""Template tags of the room ``shop.search``."""
