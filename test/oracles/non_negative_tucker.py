"""Errors of TensorLy's non_negative_tucker_hals on small non-negative tensors, from its start and from a random one.

TensorLy 0.9.0 is looked for as a module, or under the folder in PEERS.
Run: python3 non_negative_tucker.py > non-negative-tucker.json
"""

import json
import os
import sys

if "PEERS" in os.environ:
    sys.path.insert(0, os.path.join(os.environ["PEERS"], "tensorly"))
import numpy as np
import tensorly as tl
from tensorly.decomposition import non_negative_tucker_hals

cases = []
for seed, (shape, ranks, noise) in enumerate([((10, 9, 8), (3, 2, 2), 0.0), ((10, 9, 8), (3, 2, 2), 0.3),
                                              ((6, 5, 4, 5), (2, 2, 2, 3), 0.2)]):
    rng = np.random.default_rng(seed)
    draw = lambda *sizes: rng.random(sizes) * (rng.random(sizes) < 0.7)
    x = tl.tucker_to_tensor((draw(*ranks), [draw(n, r) for n, r in zip(shape, ranks)]))
    x = np.maximum(0, x + noise * x.mean() * rng.standard_normal(shape)).round(6)
    errors = []
    for options in ({}, {"init": "random", "random_state": 1}):
        found = non_negative_tucker_hals(x, ranks, n_iter_max=200, **options)
        errors.append(float(np.linalg.norm(x - tl.tucker_to_tensor(found)) / np.linalg.norm(x)))
    cases.append({"ranks": ranks, "x": {"shape": shape, "data": x.ravel().tolist()}, "errors": errors})
print(json.dumps({"madeBy": f"non_negative_tucker.py, tensorly {tl.__version__}", "cases": cases}))
