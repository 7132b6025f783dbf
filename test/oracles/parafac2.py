"""The errors that TensorLy's parafac2 reaches on noisy trials of different lengths: parafac2.json.

PYTHONPATH must name a checkout of TensorLy 0.9.
"""

import json
import pathlib

import numpy as np
import tensorly
from tensorly.decomposition import parafac2
from tensorly.parafac2_tensor import parafac2_to_slices

RANK, UNITS, LENGTHS = 3, 9, [6, 11, 8, 14, 7, 9, 12, 10, 13, 8, 15, 9, 11, 7, 12, 10]


def planted(rng):
    a, b = rng.standard_normal((UNITS, RANK)), rng.standard_normal((RANK, RANK))
    c = 0.5 + rng.random((len(LENGTHS), RANK))
    trials = []
    for k, length in enumerate(LENGTHS):
        p, _ = np.linalg.qr(rng.standard_normal((length, RANK)))
        trials.append(p @ b @ np.diag(c[k]) @ a.T + 0.05 * rng.standard_normal((length, UNITS)))
    return [trial.round(6) for trial in trials]


def error(trials, model):
    rest = sum(np.sum((x - y) ** 2) for x, y in zip(trials, parafac2_to_slices(model)))
    return float(np.sqrt(rest / sum(np.sum(x**2) for x in trials)))


cases = []
for seed in range(3):
    trials = planted(np.random.default_rng(seed))
    errors = []
    for start in range(5):
        init = "svd" if start == 0 else "random"
        model = parafac2(trials, RANK, n_iter_max=5000, init=init, tol=1e-12, random_state=start)
        errors.append(error(trials, model))
    cases.append({
        "trials": [{"shape": list(x.shape), "data": x.ravel().tolist()} for x in trials],
        "errors": errors,
    })
made = {"by": "parafac2.py", "tensorly": tensorly.__version__, "numpy": np.__version__, "rank": RANK, "cases": cases}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(made, separators=(",", ":")) + "\n")
