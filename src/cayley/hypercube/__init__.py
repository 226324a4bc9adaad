"""hypercube."""
