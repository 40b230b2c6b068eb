"""One linear neuron under squared error: what it can be told exactly, without any training."""

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray


def design(inputs: FloatArray) -> FloatArray:
    """Inputs (rows, inputs) with a column of ones for the bias: (rows, inputs + 1)."""
    return np.column_stack([inputs, np.ones(len(inputs))])


def triangle(inputs: FloatArray, targets: FloatArray) -> FloatArray:
    """The data pressed into a triangle R with ‖R·(w, b, −1)‖² = the sum of squared misses.

    R is the triangular factor of (x, 1, y); turning all columns by the same rotation changes no
    length (Golub and Van Loan, Matrix Computations, 5.3), so any number of rows becomes as many
    as there are columns, without squaring their condition number. `targets` is (rows, 1).
    """
    return np.asarray(np.linalg.qr(np.column_stack([design(inputs), targets]), mode="r"))


def hessian(inputs: FloatArray) -> FloatArray:
    """Second derivatives of the mean squared error by (w, b): 2/n · (x, 1)ᵀ(x, 1)."""
    columns = design(inputs)
    return 2.0 / len(columns) * (columns.T @ columns)


def learning_rate_limit(curvature: FloatArray, free: BoolArray | None = None) -> float:
    """The learning rate above which gradient descent must diverge: 2/λmax of the Hessian.

    `free` picks the parameters that may move; inf where none may, or nothing curves.
    """
    if free is not None:
        curvature = curvature[np.ix_(free, free)]
    if not curvature.size:
        return float("inf")
    largest = float(np.linalg.eigvalsh(curvature)[-1])
    return 2.0 / largest if largest > 0.0 else float("inf")


def optimum(inputs: FloatArray, targets: FloatArray) -> FloatArray:
    """The parameters (weights, bias) of least squared error; the smallest such where many tie.

    Columns are centred first, so that a large offset does not cost the weights their digits, and
    brought to one length, so that a small column is not taken for a redundant one.
    """
    centre, middle = inputs.mean(axis=0), targets.mean(axis=0)
    centred = inputs - centre
    length = np.linalg.norm(centred, axis=0)
    # What is left of a constant column is rounding error, and explains nothing.
    length[(inputs == inputs[0]).all(axis=0) | (length == 0.0)] = np.inf
    turned = np.linalg.lstsq(centred / length, targets[:, 0] - middle[0], rcond=None)[0]
    weights = turned / length
    return np.append(weights, middle[0] - centre @ weights)
