"""Non-negative starts from the singular vectors of every unfolding (Boutsidis & Gallopoulos 2008, figure 1), by numpy:
nndsvd.json. The left factors of each unfolding; of a pair of singular vectors the parts above and below zero."""

import json
import pathlib

import numpy as np


def out(x):
    return {"shape": list(x.shape), "data": x.ravel().tolist()}


def nndsvd(a, rank):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    w = np.zeros((a.shape[0], rank))
    w[:, 0] = np.sqrt(s[0]) * np.abs(u[:, 0])
    for j in range(1, rank):
        x, y = u[:, j], vt[j]
        xp, yp, xn, yn = np.maximum(x, 0), np.maximum(y, 0), np.maximum(-x, 0), np.maximum(-y, 0)
        mp, mn = np.linalg.norm(xp) * np.linalg.norm(yp), np.linalg.norm(xn) * np.linalg.norm(yn)
        part, m = (xp, mp) if mp > mn else (xn, mn)
        w[:, j] = np.sqrt(s[j] * m) * part / np.linalg.norm(part)
    return w


cases = []
for seed, (shape, rank) in enumerate([((5, 6, 7), 3), ((8, 4, 6), 4), ((6, 5, 4, 3), 2), ((9, 7), 5)]):
    rng = np.random.default_rng(seed)
    x = (rng.random(shape) ** 2 * 3).round(6)
    if seed == 1:
        x -= 1  # entries below zero are allowed
    cases.append(
        {
            "x": out(x),
            "rank": rank,
            "factors": [out(nndsvd(np.moveaxis(x, mode, 0).reshape(shape[mode], -1), rank)) for mode in range(x.ndim)],
        }
    )
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"by": "numpy " + np.__version__, "cases": cases}))
