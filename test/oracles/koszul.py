"""Largest ranks that Koszul-Young flattenings certify as unique, by numpy from the tensor itself.

For random factors the flattening M of the tensor is formed entry by entry, its rank and null space are taken from
numpy's SVD, the pairs (a, c) are the null space of the equations "a and every w wedged stay orthogonal to the null
space of M", and the condition on 2 x 2 minors is the rank of the matrix of (a_i ^ a_j) x (c_i ^ c_j).
Run: python3 koszul.py > koszul.json
"""

import itertools
import json
import math

import numpy as np


def wedge(n, p):
    sets = list(itertools.combinations(range(n), p))
    number = {s: i for i, s in enumerate(itertools.combinations(range(n), p + 1))}
    out = np.zeros((n, len(number), len(sets)))
    for j, s in enumerate(sets):
        for k in range(n):
            if k not in s:
                out[k, number[tuple(sorted(s + (k,)))], j] = (-1) ** sum(x < k for x in s)
    return out


def rank_of(m, tolerance=1e-9):
    if min(m.shape) == 0:
        return 0
    values = np.linalg.svd(m, compute_uv=False)
    return int((values > tolerance * values[0]).sum())


def certifies(factors, mode, directions, p, rng):
    a = factors[mode]
    b, c = [f for n, f in enumerate(factors) if n != mode]
    rank = a.shape[1]
    turn = np.linalg.qr(rng.standard_normal((a.shape[0], a.shape[0])))[0][:directions]
    a = turn @ a
    t = np.einsum("ir,jr,kr->ijk", a, b, c)
    w = wedge(directions, p)
    m = np.einsum("ijk,iab->kajb", t, w).reshape(c.shape[0] * w.shape[1], -1)
    u, values, vt = np.linalg.svd(m)
    found = int((values > 1e-9 * values[0]).sum())
    if found != rank * math.comb(directions - 1, p):
        return False
    for end, other in (("range", c), ("domain", b)):
        size = other.shape[0]
        if end == "range":
            null = u[:, found:].T.reshape(-1, size, w.shape[1])
            equations = np.einsum("mka,iab->mbik", null, w).reshape(-1, directions * size)
        else:
            null = vt[found:].reshape(-1, size, w.shape[2])
            equations = np.einsum("mjb,iab->maij", null, w).reshape(-1, directions * size)
        if directions * size - rank_of(equations) != rank:
            continue
        minors = []
        for i, j in itertools.combinations(range(rank), 2):
            left = np.outer(a[:, i], a[:, j])
            right = np.outer(other[:, i], other[:, j])
            minors.append(np.outer((left - left.T)[np.triu_indices(directions, 1)],
                                   (right - right.T)[np.triu_indices(size, 1)]).ravel())
        if rank_of(np.array(minors)) == len(minors):
            return True
    return False


def largest(shape):
    rng = np.random.default_rng(0)
    best = 0
    for rank in range(2, sum(shape)):
        factors = [rng.standard_normal((n, rank)) for n in shape]
        if any(certifies(factors, mode, n, p, rng)
               for mode in range(3) for n in range(2, min(shape[mode], 7) + 1) for p in range(n)):
            best = rank
    return best


shapes = [(3, 10, 10), (4, 4, 9), (5, 6, 6), (5, 8, 8), (4, 6, 10), (9, 5, 5), (4, 4, 4)]
kruskal = [max(r for r in range(2, 60) if sum(min(n, r) for n in s) >= 2 * r + 2) for s in shapes]
print(json.dumps({"madeBy": f"koszul.py, numpy {np.__version__}",
                  "cases": [{"shape": s, "certified": largest(s), "kruskal": k}
                            for s, k in zip(shapes, kruskal)]}, indent=1))
