"""Finding things by words: the index, the search page, suggestions while typing."""
