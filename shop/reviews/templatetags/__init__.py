"""Template tags of the room ``shop.reviews``."""
