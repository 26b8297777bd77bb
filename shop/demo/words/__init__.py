"""The words of the demonstration catalogue, in English and Chinese."""
