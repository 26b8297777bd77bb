"""The shop: catalogue, shoppers, actions, cart, orders. It knows nothing of recommendations."""
