"""A network that does not exist, to try the line with."""
