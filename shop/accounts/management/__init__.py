"""Commands about shoppers and accounts."""
