"""Mixer NN: intuition for neural networks, one turntable knob per parameter.

The packages import one way: ``__main__ -> app -> ui -> state -> (session, data) -> core``.
"""

import os

# One thread for linear algebra: at these sizes more threads cost, they halve the step rate and
# spoil the frame cadence. The libraries read these names once, when NumPy is first imported.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

__version__ = "0.1.0"
