"""The arithmetic of a small neural network: NumPy only, pure, readable on its own.

Start at `network`, then `gradient` (backpropagation), then `training`.
"""
