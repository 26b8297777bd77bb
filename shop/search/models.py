"""No models: the index is tables of the database's own kind (shop/search/engines).

The module is here because Django tells only rooms that have one of migrations.
"""
