"""What the shop shows: categories, items and their pictures; browsing, search and import."""
