"""Products of tensors by numpy: python3 algebra.py > algebra.json"""
import json

import numpy as np

rng = np.random.default_rng(3)


def t(x):
    x = np.asarray(x, dtype=float)
    return {"shape": list(x.shape), "data": x.ravel().tolist()}


a, b, c = rng.normal(size=(3, 4)), rng.normal(size=(2, 3)), rng.normal(size=(2, 2))
x, y = rng.normal(size=(3, 4, 5)), rng.normal(size=(5, 2, 3))
m, v, n = rng.normal(size=(2, 3)), rng.normal(size=4), rng.normal(size=(6, 5))
w, factors = rng.normal(size=2), [rng.normal(size=(k, 2)) for k in (3, 4, 5)]
core, us = rng.normal(size=(2, 3, 2)), [rng.normal(size=s) for s in ((3, 2), (4, 3), (5, 2))]
cp = np.einsum("r,ir,jr,kr->ijk", w, *factors)
tk = np.einsum("abc,ia,jb,kc->ijk", core, *us)
e, f = cp - x, tk - x
print(json.dumps({
    "numpy": np.__version__,
    "a": t(a), "b": t(b), "c": t(c), "x": t(x), "y": t(y), "m": t(m), "v": t(v), "n": t(n),
    "kronecker": t(np.kron(np.kron(a, b), c)),
    "outer": t(np.multiply.outer(np.multiply.outer(v, a), v)),
    "inner": float(np.vdot(x, x * x)),
    "tensordot": [
        {"modes": [[2], [0]], "product": t(np.tensordot(x, y, axes=([2], [0])))},
        {"modes": [[2, 0], [0, 2]], "product": t(np.tensordot(x, y, axes=([2, 0], [0, 2])))},
        {"modes": [[], []], "product": t(np.tensordot(x, y, axes=0))},
    ],
    "multiModeProduct": t(np.einsum("ijk,ai,j,bk->ab", x, m, v, n)),
    "multiModeProductPartial": t(np.einsum("ijk,j->ik", x, v)),
    "unfoldModes": t(np.transpose(x, (2, 0, 1)).reshape(15, 4)),
    "cp": {"weights": t(w), "factors": [t(u) for u in factors]},
    "cpNorm": float(np.linalg.norm(cp)),
    "cpGradient": {
        "loss": float(0.5 * np.sum(e**2)),
        "weights": t(np.einsum("ijk,ir,jr,kr->r", e, *factors)),
        "factors": [t(np.einsum("ijk,jr,kr,r->ir", e, factors[1], factors[2], w)),
                    t(np.einsum("ijk,ir,kr,r->jr", e, factors[0], factors[2], w)),
                    t(np.einsum("ijk,ir,jr,r->kr", e, factors[0], factors[1], w))],
    },
    "tucker": {"core": t(core), "factors": [t(u) for u in us]},
    "tuckerNorm": float(np.linalg.norm(tk)),
    "tuckerGradient": {
        "loss": float(0.5 * np.sum(f**2)),
        "core": t(np.einsum("ijk,ia,jb,kc->abc", f, *us)),
        "factors": [t(np.einsum("ijk,jb,kc,abc->ia", f, us[1], us[2], core)),
                    t(np.einsum("ijk,ia,kc,abc->jb", f, us[0], us[2], core)),
                    t(np.einsum("ijk,ia,jb,abc->kc", f, us[0], us[1], core))],
    },
}))
