"""Who is in the shop: accounts, shoppers, the visitor key of those without an account."""
