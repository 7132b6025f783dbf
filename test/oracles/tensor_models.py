"""Decompositions of random tensors from given starts: tensor-models.json.

By TensorLy 0.9 (alternating least squares, ridges, Tucker), by numpy and scipy row by row (missing entries, non-negative
least squares), and by definition (congruences, core consistency). PYTHONPATH must name a checkout of TensorLy.
Run as `python3 tensor_models.py [seed] [count] [path]`: with LTRNN_TENSOR_MODELS=name, the test runs on name.json.
"""

import json
import pathlib
import sys

import numpy as np
import tensorly
from scipy.optimize import linear_sum_assignment, nnls
from tensorly.cp_tensor import cp_to_tensor
from tensorly.decomposition import parafac, partial_tucker
from tensorly.tenalg import khatri_rao, multi_mode_dot, unfolding_dot_khatri_rao

seed, count = (int(sys.argv[i]) if len(sys.argv) > i else (3, 16)[i - 1] for i in (1, 2))
path = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else pathlib.Path(__file__).with_name("tensor-models.json")
rng = np.random.default_rng(seed)


def out(x):
    x = np.asarray(x, float)
    return {"shape": list(x.shape), "data": x.ravel().tolist()}


outs = lambda factors: [out(f) for f in factors]
model = lambda factors, weights=None: cp_to_tensor((weights, factors))
others = lambda factors, mode: [f for m, f in enumerate(factors) if m != mode]
error = lambda x, y, mask=1.0: float(np.linalg.norm((x - y) * mask) / np.linalg.norm(x * mask))


def by_rows(x, start, mask, sweeps, solve):
    """Sweeps of least squares, each row of a factor from the entries of its slice that are observed."""
    factors, condition = [f.copy() for f in start], 1.0
    for _ in range(sweeps):
        for mode in range(x.ndim):
            products, rows, seen = khatri_rao(others(factors, mode)), tensorly.unfold(x, mode), tensorly.unfold(mask, mode) > 0
            for i in range(x.shape[mode]):
                mine = products[seen[i]]
                if len(mine) < mine.shape[1]:
                    return None, np.inf
                condition = max(condition, np.linalg.cond(mine))
                if condition > 1e4:
                    return None, condition
                factors[mode][i] = solve(mine, rows[i][seen[i]])
    return factors, condition


cases = []
while len(cases) < count:
    modes, rank = int(rng.integers(3, 6)), int(rng.integers(1, 5))
    shape = tuple(int(n) for n in rng.integers(2, {3: 7, 4: 5, 5: 4}[modes], modes))
    x = model([rng.normal(size=(n, rank)) for n in shape])
    x = x + rng.choice([0.05, 1.0]) * x.std() * rng.normal(size=shape)
    start, weights, ridge = [rng.normal(size=(n, rank)) for n in shape], rng.uniform(0.2, 3, rank), float(10 ** rng.uniform(-3, 0))
    mask = (rng.random(shape) < 0.8).astype(float)
    plain, condition = by_rows(x, start, np.ones(shape), 2, lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0])
    masked, of_masked = by_rows(x, start, mask, 2, lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0])
    positive, _ = by_rows(np.abs(x), [np.abs(f) for f in start], np.ones(shape), 1, lambda a, b: nnls(a, b)[0])
    if plain is None or masked is None or positive is None or max(condition, of_masked) > 300 or any((f == 0).all(0).any() for f in positive):
        continue
    als = lambda **more: parafac(x, rank, init=(None, [f.copy() for f in start]), n_iter_max=2, tol=0, normalize_factors=False, **more).factors
    ranks = [int(rng.integers(1, n + 1)) for n in shape]
    ranks = [int(min(r, np.prod(others(ranks, m)))) for m, r in enumerate(ranks)]
    decomposed = [np.linalg.svd(tensorly.unfold(x, m), full_matrices=False) for m in range(modes)]
    bases = [u[:, :r] for (u, _, _), r in zip(decomposed, ranks)]
    (core, factors), _ = partial_tucker(x, rank=ranks, modes=list(range(modes)), n_iter_max=3, init="svd", tol=0)
    y, sequential = x, []
    for m in range(modes):
        u = np.linalg.svd(tensorly.unfold(y, m), full_matrices=False)[0][:, : ranks[m]]
        y = tensorly.tenalg.mode_dot(y, u.T, m)
        sequential.append(u)
    second = int(rng.integers(1, 5))
    near = [rng.normal(size=(n, second)) for n in shape]
    for r in range(min(rank, second)):
        for f, g in zip(start, near):
            g[:, second - 1 - r] = 2 * f[:, r] + 0.5 * rng.normal(size=len(f))
    unit = lambda f: f / np.linalg.norm(f, axis=0)
    congruence = np.prod([np.abs(unit(f).T @ unit(g)) for f, g in zip(start, near)], axis=0)
    own, theirs = (np.prod([np.linalg.norm(f, axis=0) for f in fs], axis=0) for fs in (start, near))
    alike = 1 - np.abs(weights * own - theirs[:, None]).T / np.maximum(weights * own, theirs[:, None]).T
    score = lambda c: float(c[linear_sum_assignment(-c)].sum() / max(rank, second))
    scaled = [*start[:-1], start[-1] * weights]
    g = multi_mode_dot(x, [np.linalg.pinv(f) for f in scaled])
    ideal = np.zeros(g.shape)
    ideal[(np.arange(rank),) * modes] = 1
    cases.append({
        "x": out(x), "rank": rank, "start": outs(start), "weights": out(weights), "ridge": ridge, "mask": out(mask),
        "mttkrp": outs(unfolding_dot_khatri_rao(x, (weights, start), m) for m in range(modes)),
        "als": outs(als()), "ridged": outs(als(l2_reg=ridge)), "alsError": error(x, model(als())),
        "masked": outs(masked), "maskedError": error(x, model(masked), mask), "nonNegative": outs(positive),
        "ranks": ranks, "singularValues": [s.tolist() for _, s, _ in decomposed],
        "hosvdError": error(x, multi_mode_dot(multi_mode_dot(x, [u.T for u in bases]), bases)),
        "sequentialError": error(x, multi_mode_dot(y, sequential)), "hooiError": error(x, multi_mode_dot(core, factors)),
        "near": outs(near), "match": score(congruence), "matchWithWeights": score(congruence * alike),
        "coreConsistency": float(100 * (1 - np.sum((g - ideal) ** 2) / rank)),
        "normalized": float(100 * (1 - np.sum((g - ideal) ** 2) / np.sum(g**2))),
    })

path.write_text(json.dumps({"by": f"tensor_models.py, TensorLy {tensorly.__version__}, numpy {np.__version__}", "cases": cases}, separators=(",", ":")) + "\n")
print(path.stat().st_size, "bytes")
