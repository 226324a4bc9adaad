"""cayley."""
