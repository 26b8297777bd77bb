"""Commands of the room ``shop.search``."""
