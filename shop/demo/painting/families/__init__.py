"""One painter for each family of things; every module says which silhouettes, materials and patterns it knows."""
