"""Errors that TensorLy's non_negative_parafac_hals reaches from given starts: non-negative-cp.json.

PYTHONPATH must name a checkout of TensorLy 0.9.
"""

import json
import pathlib

import numpy as np
import tensorly
from tensorly.cp_tensor import cp_to_tensor
from tensorly.decomposition import non_negative_parafac_hals

rng = np.random.default_rng(3)


def out(x):
    return {"shape": list(x.shape), "data": x.ravel().tolist()}


cases = []
for _ in range(8):
    shape, rank = rng.integers(4, 7, 3), int(rng.integers(2, 4))
    x = cp_to_tensor((None, [rng.random((n, rank)) for n in shape]))
    x = np.abs(x + 0.05 * x.std() * rng.normal(size=shape)).round(6)
    start = [rng.random((n, rank)).round(6) for n in shape]
    found = non_negative_parafac_hals(x, rank, init=(np.ones(rank), [f.copy() for f in start]), n_iter_max=800, tol=1e-12)
    error = float(np.linalg.norm(x - cp_to_tensor(found)) / np.linalg.norm(x))
    cases.append({"x": out(x), "rank": rank, "start": [out(f) for f in start], "error": error})
made = {"by": f"non_negative_cp.py, TensorLy {tensorly.__version__}", "cases": cases[3:]}  # in the fourth of these a column is zero for a sweep
pathlib.Path(__file__).with_name("non-negative-cp.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")
