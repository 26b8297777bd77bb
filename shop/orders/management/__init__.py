"""Commands of the room of orders."""
