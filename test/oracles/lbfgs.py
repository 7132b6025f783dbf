"""Evaluations that L-BFGS needs on smooth test functions, by SciPy's L-BFGS-B and PyTorch's LBFGS: lbfgs.json."""

import json
import pathlib

import numpy as np
import scipy
import scipy.optimize
import torch

MEMORY, TOLERANCE = 10, 1e-8


def rosenbrock(x):
    a, b = x[:-1], x[1:]
    bend = b - a**2
    g = np.zeros_like(x)
    g[:-1] += -2 * (1 - a) - 400 * a * bend
    g[1:] += 200 * bend
    return float(np.sum((1 - a) ** 2 + 100 * bend**2)), g


def quadratic(x):
    scale = 10.0 ** (3 * np.arange(x.size) / (x.size - 1))
    return float(0.5 * np.sum(scale * (x - 1) ** 2)), scale * (x - 1)


def powers(x):
    k = np.arange(1, x.size + 1)
    return float(np.sum(k * (x - 0.5) ** 4 + 0.5 * k * x**2)), 4 * k * (x - 0.5) ** 3 + k * x


STARTS = {
    "rosenbrock 2": (rosenbrock, np.array([-1.2, 1.0])),
    "rosenbrock 30": (rosenbrock, np.tile([-1.2, 1.0], 15)),
    "quadratic 40": (quadratic, np.zeros(40)),
    "powers 20": (powers, np.full(20, 3.0)),
}


class Reached(Exception):
    pass


def counted(f):
    """f, that counts its calls and stops where the gradient's norm is small."""
    log = {"evaluations": 0}

    def g(x):
        log["evaluations"] += 1
        loss, gradient = f(x)
        log["loss"] = loss
        if np.linalg.norm(gradient) <= TOLERANCE:
            raise Reached
        return loss, gradient

    return g, log


def by_scipy(f, x):
    g, log = counted(f)
    try:
        scipy.optimize.minimize(
            g, x, jac=True, method="L-BFGS-B",
            options={"maxcor": MEMORY, "ftol": 0, "gtol": 0, "maxiter": 10000, "maxfun": 10000},
        )
        log["reached"] = False
    except Reached:
        log["reached"] = True
    return log


def by_torch(f, x):
    g, log = counted(f)
    p = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [p], lr=1, max_iter=10000, max_eval=10000, tolerance_grad=0, tolerance_change=0, history_size=MEMORY,
        line_search_fn="strong_wolfe",
    )

    def closure():
        loss, gradient = g(p.detach().numpy())
        p.grad = torch.tensor(gradient)
        return torch.tensor(loss, dtype=torch.float64)

    try:
        optimizer.step(closure)
        log["reached"] = False
    except Reached:
        log["reached"] = True
    return log


out = {
    "made by": f"lbfgs.py, scipy {scipy.__version__}, torch {torch.__version__}",
    "memory": MEMORY,
    "tolerance": TOLERANCE,
    "cases": {
        name: {"start": x.tolist(), "scipy": by_scipy(f, x), "torch": by_torch(f, x)} for name, (f, x) in STARTS.items()
    },
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, indent=1) + "\n")
