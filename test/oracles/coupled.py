"""The least weighted squared error of tensors that share a factor, by alternating least squares in numpy: coupled.json."""

import json
import pathlib

import numpy as np

rng = np.random.default_rng(2)


def out(x):
    return {"shape": list(x.shape), "data": x.ravel().round(6).tolist()}


def khatri_rao(factors):
    product = factors[0]
    for f in factors[1:]:
        product = np.einsum("ir,jr->ijr", product, f).reshape(-1, f.shape[1])
    return product


def unfolded(x, mode):
    return np.moveaxis(x, mode, 0).reshape(x.shape[mode], -1)


def solved(factors, rows):
    return np.linalg.lstsq(khatri_rao(factors), rows.T, rcond=None)[0].T


def model(shared, own):
    return (shared @ khatri_rao(own).T).reshape(len(shared), *(len(f) for f in own))


def least(tensors, weights, rank, starts=8, sweeps=2000):
    """Each squared error is relative to its tensor, and counts by its weight."""
    scales = [np.sqrt(w) / np.linalg.norm(x) for x, w in zip(tensors, weights)]
    best = np.inf
    for _ in range(starts):
        own = [[rng.normal(size=(n, rank)) for n in x.shape[1:]] for x in tensors]
        for _ in range(sweeps):
            products = np.vstack([s * khatri_rao(f) for s, f in zip(scales, own)])
            rows = np.hstack([s * unfolded(x, 0) for s, x in zip(scales, tensors)])
            shared = np.linalg.lstsq(products, rows.T, rcond=None)[0].T
            for x, f in zip(tensors, own):
                for mode in range(len(f)):
                    f[mode] = solved([shared, *f[:mode], *f[mode + 1 :]], unfolded(x, mode + 1))
        errors = [np.sum((s * (x - model(shared, f))) ** 2) for s, x, f in zip(scales, tensors, own)]
        best = min(best, float(np.sum(errors) / np.sum(weights)))
    return best


cases = []
for rank, shapes, weights in [(1, [(5, 4, 3), (5, 6)], [1, 1]), (2, [(6, 4, 5), (6, 5)], [1, 3]), (3, [(7, 5, 4), (7, 4, 3)], [1, 0.3]), (2, [(5, 6), (5, 3, 4), (5, 4, 4)], [2, 1, 1])]:
    shared = rng.normal(size=(shapes[0][0], rank))
    tensors = [model(shared, [rng.normal(size=(n, rank)) for n in s[1:]]) for s in shapes]
    tensors = [(3**k * (x + 0.2 * x.std() * rng.normal(size=x.shape))).round(6) for k, x in enumerate(tensors)]
    cases.append({"tensors": [out(x) for x in tensors], "rank": rank, "weights": weights, "least": least(tensors, weights, rank)})
made = {"by": f"coupled.py, numpy {np.__version__}", "cases": cases}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(made, separators=(",", ":")) + "\n")
