"""Letters to shoppers: an outbox in the database, and who empties it."""
