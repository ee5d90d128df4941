"""A helper's own pages."""
