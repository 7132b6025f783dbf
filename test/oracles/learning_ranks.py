"""Ranks that weight changes of small linear networks reach, trained by numpy alone: learning-ranks.json.

Run as `python3 learning_ranks.py [seed] [count] [path]`: with LTRNN_LEARNING_RANKS=name, the test runs on name.json.
"""

import json
import pathlib
import sys

import numpy as np

seed, count = (int(sys.argv[i]) if len(sys.argv) > i else (4, 24)[i - 1] for i in (1, 2))
path = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else pathlib.Path(__file__).with_name("learning-ranks.json")
rng = np.random.default_rng(seed)
RATE, DECAY, CLIP = 0.3, 0.1, 0.05


def out(x):
    return {"shape": list(np.shape(x)), "data": np.ravel(x).tolist()}


def gradients(p, u, y, alpha, trials):
    """Of half the mean squared error, by the adjoint recursion."""
    steps = u.shape[1]
    x = [p["x0"][trials]]
    for t in range(steps):
        x.append(x[-1] + alpha * (-x[-1] + x[-1] @ p["w"].T + u[trials, t] @ p["wIn"].T + p["bias"]))
    g, adjoint = {k: np.zeros_like(v) for k, v in p.items()}, np.zeros_like(x[0])
    for t in range(steps, 0, -1):
        e = (x[t] @ p["readout"].T - y[trials, t - 1]) / (len(trials) * steps * y.shape[2])
        g["readout"] += e.T @ x[t]
        adjoint = adjoint + e @ p["readout"]
        g["w"] += alpha * adjoint.T @ x[t - 1]
        g["wIn"] += alpha * adjoint.T @ u[trials, t - 1]
        g["bias"] += alpha * adjoint.sum(0)
        adjoint = (1 - alpha) * adjoint + alpha * adjoint @ p["w"]
    g["x0"][trials] = adjoint
    return g


def train(p, trained, u, y, alpha, optimizer, steps):
    """Changes of W after every update, less what decay leaves of W(0)."""
    p, velocity, left, changes = {k: v.copy() for k, v in p.items()}, {k: 0 * v for k, v in p.items()}, p["w"].copy(), []
    for _ in range(steps):
        every = np.arange(len(u))
        g = gradients(p, u, y, alpha, rng.choice(every, max(1, len(u) // 2), replace=False) if optimizer == "batches" else every)
        if optimizer == "decay":
            g["w"] += DECAY * p["w"]
            left = left * (1 - RATE * DECAY)
        size = np.sqrt(sum(np.sum(g[k] ** 2) for k in trained))
        for k in trained:
            step = g[k] * min(1, CLIP / size) if optimizer == "clip" else g[k]
            if optimizer in ("momentum", "nesterov"):
                velocity[k] = 0.9 * velocity[k] + step
                step = step + 0.9 * velocity[k] if optimizer == "nesterov" else velocity[k]
            p[k] = p[k] - RATE * step
        changes.append(p["w"] - left)
    return np.array(changes)


cases = []
while len(cases) < count:
    n, inputs, outputs, trials, steps = (int(rng.integers(*r)) for r in ((7, 12), (1, 3), (1, 3), (2, 7), (3, 8)))
    low = int(rng.integers(0, 3))
    w = rng.choice([0.0, 0.4]) * np.eye(n) + 0.5 / n**0.5 * rng.normal(size=(n, low)) @ rng.normal(size=(low, n))
    starts = int(rng.integers(0, 3))
    p = {
        "w": w,
        "wIn": rng.normal(size=(n, inputs)) / n**0.5,
        "readout": rng.normal(size=(outputs, n)) / n**0.5,
        "x0": rng.normal(size=(trials, starts)) @ rng.normal(size=(starts, n)),
        "bias": rng.normal(size=n) * rng.choice([0.0, 0.3]),
    }
    optimizer = str(rng.choice(["sgd", "momentum", "nesterov", "clip", "batches", "decay"]))
    trained = ["w", *(k for k in ("wIn", "readout", "bias") if rng.random() < 0.5)]
    u, y = rng.normal(size=(trials, steps, inputs)), rng.normal(size=(trials, steps, outputs))
    with np.errstate(all="ignore"):
        changes = train(p, trained, u, y, float(rng.uniform(0.1, 1)), optimizer, 30)
    if not np.isfinite(changes).all() or np.abs(changes).max() > 1e3:
        continue
    size = max(np.linalg.norm(w), np.linalg.norm(changes[-1]))
    rank = lambda m, least: int((np.linalg.svd(m, compute_uv=False) > least * size).sum())
    unfoldings = [np.concatenate(list(changes), axis=1), np.concatenate([c.T for c in changes], axis=1), changes.reshape(len(changes), -1)]
    cases.append({
        "units": n, "optimizer": optimizer, "w": out(w), "wIn": out(p["wIn"]), "readout": out(p["readout"]), "x0": out(p["x0"]),
        "bias": bool(p["bias"].any()), "steps": len(changes),
        # beyond rounding of the whole run, and down to it
        "matrix": max(rank(c, 1e-11) for c in changes), "modes": [rank(m, 1e-11) for m in unfoldings], "reached": rank(unfoldings[0], 5e-15),
    })

made = {"by": f"learning_ranks.py, numpy {np.__version__}", "rate": RATE, "decay": DECAY, "clip": CLIP, "cases": cases}
path.write_text(json.dumps(made, separators=(",", ":")) + "\n")
print(path.stat().st_size, "bytes")
