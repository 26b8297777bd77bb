"""What shoppers do: the one append-only stream of actions, and favourites."""
