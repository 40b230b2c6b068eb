"""The command line: what may be typed, and training without a window. No Qt."""
