"""The officer's home directory: where things lie, how they are set, and who may read them."""
