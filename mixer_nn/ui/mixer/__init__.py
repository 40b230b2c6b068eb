"""The mixer in the middle: controls bound to the Desk."""
