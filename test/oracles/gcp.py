"""Bounded minima by scipy's L-BFGS-B: generalized CP of small tensors, and quadratic forms in boxes. Writes gcp.json."""
import json
import os

import numpy as np
import scipy
from scipy.optimize import minimize

rng = np.random.default_rng(5)
shape, rank = (6, 5, 7), 2
sizes = [n * rank for n in shape]


def factors(v):
    parts = np.split(v, np.cumsum(sizes)[:-1])
    return [p.reshape(n, rank) for p, n in zip(parts, shape)]


def objective(value, derivative, x):
    def f(v):
        a, b, c = factors(v)
        m = np.einsum("ir,jr,kr->ijk", a, b, c)
        y = derivative(x, m)
        g = [np.einsum("ijk,jr,kr->ir", y, b, c), np.einsum("ijk,ir,kr->jr", y, a, c), np.einsum("ijk,ir,jr->kr", y, a, b)]
        return value(x, m).sum() / x.size, np.concatenate([p.ravel() for p in g]) / x.size

    return f


eps = 1e-10
losses = {
    "poisson": (lambda x, m: m - x * np.log(m + eps), lambda x, m: 1 - x / (m + eps), 0),
    "bernoulli": (lambda x, m: np.log1p(m) - x * np.log(m + eps), lambda x, m: 1 / (1 + m) - x / (m + eps), 0),
    "bernoulliLogit": (lambda x, m: np.logaddexp(0, m) - x * m, lambda x, m: 1 / (1 + np.exp(-m)) - x, None),
    "poissonLog": (lambda x, m: np.exp(m) - x * m, lambda x, m: np.exp(m) - x, None),
    "gamma": (lambda x, m: x / (m + eps) + np.log(m + eps), lambda x, m: (1 - x / (m + eps)) / (m + eps), 0),
}
planted = [rng.uniform(0.2, 1.8, (n, rank)) for n in shape]
mean = np.einsum("ir,jr,kr->ijk", *planted)


def array(a):
    a = np.asarray(a, dtype=float)
    return {"shape": list(a.shape), "data": a.ravel().tolist()}


runs = []
for name, (value, derivative, least) in losses.items():
    x = rng.poisson(mean).astype(float) if name.startswith("poisson") else rng.gamma(3, mean / 3) if name == "gamma" else (rng.uniform(size=mean.shape) < mean / (1 + mean)).astype(float)
    start = rng.uniform(0.3, 1.0, sum(sizes)) if least == 0 else rng.normal(0, 0.5, sum(sizes))
    # entries of logarithms stay within 3 of 0, so that a box is touched
    bounds = [(least, None) if least == 0 else (-1.5, 1.5)] * len(start)
    end = minimize(objective(value, derivative, x), start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 20000, "maxfun": 200000, "ftol": 1e-15, "gtol": 1e-9})
    runs.append({"loss": name, "x": array(x), "start": [array(f) for f in factors(start)], "bound": least, "minimum": float(end.fun)})

quadratics = []
for n in (5, 20):
    q = rng.normal(size=(n, n))
    q = q @ q.T + 0.1 * np.eye(n)
    b = 3 * rng.normal(size=n)
    lower, upper = -rng.uniform(0.1, 1, n), rng.uniform(0.1, 1, n)
    end = minimize(lambda v: (0.5 * v @ q @ v - b @ v, q @ v - b), np.zeros(n), jac=True, method="L-BFGS-B", bounds=list(zip(lower, upper)), options={"ftol": 1e-16, "gtol": 1e-12, "maxiter": 10000})
    quadratics.append({"q": array(q), "b": array(b), "lower": array(lower), "upper": array(upper), "x": array(end.x), "minimum": float(end.fun)})

with open(os.path.join(os.path.dirname(__file__), "gcp.json"), "w") as file:
    json.dump({"scipy": scipy.__version__, "runs": runs, "quadratics": quadratics}, file)
