"""Commands of the demonstration shop."""
