"""What shoppers say of the things they know: stars and words, looked at before they are shown."""
