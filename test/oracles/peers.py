"""What pyttb, TensorLy, TLViz and matcouply answer in their own tests' situations: peers.json.

PYTHONPATH must name checkouts of pyttb and TensorLy. What these import for plots, and numpy_groupies, is stood in for.
"""

import json
import pathlib
import sys
from unittest.mock import MagicMock

import numpy as np

for name in ["matplotlib", "matplotlib.pyplot", "matplotlib.figure", "matplotlib.axes", "numpy_groupies"]:
    sys.modules.setdefault(name, MagicMock())

import pyttb as ttb  # noqa: E402
from pyttb.gcp import handles  # noqa: E402
from tensorly.cp_tensor import CPTensor, cp_lstsq_grad  # noqa: E402
from tensorly.tenalg import khatri_rao  # noqa: E402
from tensorly.tucker_tensor import TuckerTensor, tucker_mode_dot, tucker_normalize  # noqa: E402


def out(x):
    x = np.asarray(x, float)
    return {"shape": list(x.shape), "data": x.ravel().tolist()}


def kruskal(k):
    return {"weights": out(k.weights), "factors": [out(f) for f in k.factor_matrices]}


# losses of single entries, and their derivatives in the model
pairs = {
    "gaussian": ({}, handles.gaussian, handles.gaussian_grad),
    "poisson": ({}, handles.poisson, handles.poisson_grad),
    "poissonLog": ({}, handles.poisson_log, handles.poisson_log_grad),
    "bernoulli": ({}, handles.bernoulli_odds, handles.bernoulli_odds_grad),
    "bernoulliLogit": ({}, handles.bernoulli_logit, handles.bernoulli_logit_grad),
    "rayleigh": ({}, handles.rayleigh, handles.rayleigh_grad),
    "gamma": ({}, handles.gamma, handles.gamma_grad),
    "huber": ({"threshold": 0.1}, lambda x, m: handles.huber(x, m, 0.1), lambda x, m: handles.huber_grad(x, m, 0.1)),
    # pyttb's derivative has one where the loss has x: it is right where x is 1
    "negativeBinomial": (
        {"failures": 5},
        lambda x, m: handles.negative_binomial(x, m, 5),
        lambda x, m: (5 + x) / (1 + m) - x / (m + handles.EPS),
    ),
    "beta": ({"beta": 0.5}, lambda x, m: handles.beta(x, m, 0.5), lambda x, m: handles.beta_grad(x, m, 0.5)),
    "zeroTruncatedPoisson": ({}, handles.ztp, handles.ztp_grad),
}
rng = np.random.default_rng(4)
losses = []
for kind, (numbers, value, derivative) in pairs.items():
    x = rng.integers(0, 2, 12) if kind.startswith("bernoulli") else rng.integers(1, 6, 12)
    m = rng.uniform(0.05, 3, 12).round(6)
    x = x.astype(float)
    losses.append({"loss": {"kind": kind, **numbers}, "x": x.tolist(), "m": m.tolist(),
                   "value": np.asarray(value(x, m)).tolist(), "derivative": np.asarray(derivative(x, m)).tolist()})

# Kruskal tensors, with negative weights, a column of zeros, and one component
models = []
for seed, (shape, rank) in enumerate([((2, 3, 4), 2), ((3, 2), 3), ((4, 1, 3, 2), 2), ((5, 4, 3), 1)]):
    rng = np.random.default_rng(seed)
    k = ttb.ktensor([rng.standard_normal((n, rank)).round(6) for n in shape], rng.uniform(0.5, 2, rank).round(6))
    other = ttb.ktensor([rng.standard_normal((n, rank + 1)).round(6) for n in shape], rng.standard_normal(rank + 1).round(6))
    x = ttb.tensor(rng.standard_normal(shape).round(6))
    vector = rng.standard_normal(shape[1]).round(6)
    order = list(rng.permutation(rank))
    pick = [int(order[0])]
    where = np.argwhere(rng.uniform(size=shape) < 0.4)
    mask = np.zeros(shape)
    mask[tuple(where.T)] = 1
    arranged = k.copy()
    arranged.arrange(permutation=order)
    normalized = {}
    for name, how in {"l2": {"normtype": 2}, "l1": {"normtype": 1}, "max": {"normtype": np.inf}}.items():
        n = k.copy()
        n.normalize(**how)
        normalized[name] = kruskal(n)
    even, one = k.copy(), k.copy()
    even.normalize(weight_factor="all")
    one.normalize(weight_factor=1)
    if shape[1] > 1:
        contracted = k.ttv(vector, dims=1)
    else:  # pyttb refuses a vector of one entry
        contracted = ttb.ktensor([f for n, f in enumerate(k.factor_matrices) if n != 1], k.weights * (vector @ k.factor_matrices[1]))
    gradient = cp_lstsq_grad(CPTensor((k.weights, [np.array(f) for f in k.factor_matrices])), x.data)
    models.append({
        "cp": kruskal(k), "other": kruskal(other), "x": out(x.data), "vector": out(vector),
        "inner": float(k.innerprod(other)), "innerWithTensor": float(k.innerprod(x)), "norm": float(k.norm()),
        "sum": kruskal(k + other), "order": [int(r) for r in order], "arranged": kruskal(arranged),
        "pick": pick, "extracted": kruskal(k.extract(np.array(pick))),
        "normalized": normalized, "evenly": kruskal(even), "inOne": kruskal(one),
        "contracted": kruskal(contracted),
        "coordinates": where.ravel().tolist(), "entries": k.full().data[tuple(where.T)].tolist(),
        "khatriRao": out(khatri_rao(list(k.factor_matrices), weights=k.weights)),
        # TensorLy forgets the weights of a matrix
        "gradient": [out(g) for g in gradient[1]] if len(shape) > 2 else None,
    })

# Tucker records
rng = np.random.default_rng(11)
core, factors = rng.standard_normal((2, 3, 2)).round(6), [rng.standard_normal((n, r)).round(6) for n, r in [(4, 2), (2, 3), (5, 2)]]
vector = rng.standard_normal(2).round(6)
ncore, nfactors = tucker_normalize((core, factors))
vcore, vfactors = tucker_mode_dot(TuckerTensor((core, [f.copy() for f in factors])), vector, 1, copy=True)
tucker = {
    "tucker": {"core": out(core), "factors": [out(f) for f in factors]},
    "normalized": {"core": out(ncore), "factors": [out(f) for f in nfactors]},
    "vector": out(vector), "contracted": {"core": out(vcore), "factors": [out(f) for f in vfactors]},
}

path = pathlib.Path(__file__).with_name("peers.json")
path.write_text(json.dumps({"pyttb": ttb.__version__, "losses": losses, "models": models, "tucker": tucker}))
print(len(path.read_text()), "bytes")
