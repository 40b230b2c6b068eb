"""Controls in the manner of a mixer: they know nothing of networks."""
