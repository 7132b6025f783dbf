"""Networks in random configurations by torch.autograd in float64: networks.json.

Run as `python3 networks.py [seed] [count] [path]`: with another seed and LTRNN_NETWORKS=name, the test runs on name.json.
Every configuration draws the kind of weights, the activation, time constants, the step, what is read out, gains, biases,
initial states, masks, a filter with its innovation, the loss and the penalty of rates.
"""

import json
import pathlib
import sys

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
seed, count = (int(sys.argv[i]) if len(sys.argv) > i else (7, 36)[i - 1] for i in (1, 2))
path = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else pathlib.Path(__file__).with_suffix(".json")
rng = np.random.default_rng(seed)


def out(x):
    if x is None:
        return None
    x = np.asarray(x.detach() if torch.is_tensor(x) else x, float)
    entries = [None if np.isnan(v) else float(v) for v in x.ravel()]
    return {"shape": list(x.shape), ("values" if None in entries else "data"): entries}


def softplus(z):  # torch's own loses the digits of small values
    return torch.clamp(z, min=0) + torch.log1p(torch.exp(-z.abs()))


def log_softplus(z):
    w = torch.exp(-z.abs())
    return torch.where(z > 0, torch.log(softplus(z)), z + torch.log(torch.log1p(w) / w))


activations = {"tanh": torch.tanh, "relu": torch.relu, "softplus": softplus, "identity": lambda x: x, "sigmoid": torch.sigmoid}
links = {"softplus": (softplus, log_softplus, lambda z: torch.sigmoid(z) / softplus(z)), "exp": (torch.exp, lambda z: z, torch.ones_like)}
chance = lambda p: rng.random() < p
normal = lambda *shape, scale=1.0: torch.tensor(rng.normal(size=shape) * scale, requires_grad=True)
pick = lambda *names: str(rng.choice(names))


def draw():
    """A network, its trials and how it is run; None where the drawn masks hold nothing."""
    n, trials, steps, inputs, rank = (int(rng.integers(*r)) for r in ((1, 6), (1, 6), (1, 7), (0, 3), (1, 4)))
    c = {"kind": pick("full", "low", "tensor"), "phi": pick(*activations), "reads": pick("rates", "states"), "integrator": pick("euler", "heun")}
    tau = rng.uniform(0.5, 3, n) if chance(0.4) else np.array(rng.uniform(0.3, 20))
    c["tau"], c["dt"] = out(tau) if tau.ndim else float(tau), float(rng.uniform(0.02, 1) * tau.min())
    c["trials"] = c["conditions"] = None
    if c["kind"] == "full":
        p = {"w": normal(n, n, scale=0.8 / n**0.5)}
    elif c["kind"] == "low":
        p = {"m": normal(n, rank, scale=0.7), "n": normal(n, rank, scale=0.7)}
    else:
        rows = trials
        if chance(0.4):
            rows = int(rng.integers(1, 5))
            c["trials"] = rng.integers(0, rows, trials).tolist()
        p = {"a": normal(n, rank, scale=0.7), "b": normal(n, rank, scale=0.7), "c": normal(rows, rank)}
        if chance(0.4):
            p["w0"] = normal(n, n, scale=0.5 / n**0.5)
    starts = int(rng.choice([1, trials, rng.integers(1, 4)]))
    if starts not in (1, trials):
        c["conditions"] = rng.integers(0, starts, trials).tolist()
    p["wIn"], p["x0"] = normal(n, inputs), normal(starts, n)
    outputs = n
    if chance(0.7):
        outputs = int(rng.integers(1, 5))
        p["readout"] = normal(outputs, n, scale=1 / n**0.5)
    for name, size, share in (("bias", n, 0.6), ("readoutGain", outputs, 0.4), ("readoutBias", outputs, 0.5)):
        if chance(share):
            p[name] = normal(size)
    shape = (trials, steps, outputs)
    c["observed"] = c["observedMask"] = c["innovation"] = None
    if chance(0.35):
        p["filterGain"] = normal(n, outputs, scale=0.2)
        c["observedMask"] = (rng.random(shape) < 0.7).astype(float) if chance(0.5) else None
        c["observed"] = rng.normal(size=shape)
        if chance(0.7):
            c["innovation"] = {"kind": pick("residual", "score", "pearson"), "link": pick(*links), "binWidth": float(rng.uniform(0.1, 2))}
            c["observed"] = rng.poisson(1.0, shape).astype(float)
    c["loss"] = {"kind": pick("meanSquaredError", "poisson", "negativeBinomial", "crossEntropy")}
    c["targets"] = rng.normal(size=shape)
    if c["loss"]["kind"] == "crossEntropy":
        c["targets"] = np.eye(outputs)[rng.integers(0, outputs, shape[:2])]
    elif c["loss"]["kind"] != "meanSquaredError":
        c["targets"] = rng.poisson(rng.choice([0.3, 3.0, 150.0]), shape).astype(float)
        c["loss"].update(binWidth=float(rng.uniform(0.01, 3)), link=pick(*links), gain=float(rng.uniform(0.3, 2)) if chance(0.5) else 1.0)
        if c["loss"]["kind"] == "negativeBinomial":
            how = pick("one", "each", "shared", "neuron")
            size = 1 if how in ("one", "shared") else outputs
            if how in ("shared", "neuron"):
                p["logDispersion"] = normal(size)
                c["loss"].update(dispersion=how, logDispersion=p["logDispersion"].tolist())
            else:
                s = rng.uniform(0.01, 3, size)
                c["loss"]["dispersion"] = float(s[0]) if how == "one" else s.tolist()
    c["mask"] = c["validation"] = None
    if c["loss"]["kind"] != "crossEntropy" and chance(0.6):
        share = rng.random(shape)
        ends = rng.integers(1, steps + 1, trials) if chance(0.5) else np.full(trials, steps)  # ragged trials
        c["mask"] = ((share < 0.6) & (np.arange(steps)[None, :, None] < ends[:, None, None])).astype(float)
        c["validation"] = (share > 0.85).astype(float) if chance(0.5) else None
        if any(m is not None and m.sum() == 0 for m in (c["mask"], c["validation"])):
            return None
    c["ratePenalty"] = {"l1": float(rng.uniform(0, 1)), "l2": float(rng.uniform(0, 1))} if chance(0.4) else None
    return c, p, torch.tensor(rng.normal(size=(trials, steps, inputs)), requires_grad=True), torch.tensor(tau)


def run(c, p, u, tau):
    """Sums over the definition in docs/conventions.md, and what it gives."""
    (trials, steps, _), phi, alpha = u.shape, activations[c["phi"]], c["dt"] / tau
    own = {"full": lambda: p["w"], "low": lambda: p["m"] @ p["n"].T, "tensor": lambda: torch.einsum("ir,jr,kr->kij", p["a"], p["b"], p["c"]) + p.get("w0", 0.0)}
    w = own[c["kind"]]()
    w = w.expand(trials, *w.shape) if w.ndim == 2 else w if c["trials"] is None else w[c["trials"]]
    x = p["x0"] if c["conditions"] is None else p["x0"][c["conditions"]]
    x = x.expand(trials, x.shape[1])
    flow = lambda x, t: -x + torch.einsum("kij,kj->ki", w, phi(x)) + u[:, t] @ p["wIn"].T + p.get("bias", 0.0)
    states, outputs = [x], []
    for t in range(steps):
        first = flow(x, t)
        x = x + alpha * first if c["integrator"] == "euler" else x + alpha / 2 * (first + flow(x + alpha * first, t))
        y = phi(x) if c["reads"] == "rates" else x
        y = y @ p["readout"].T if "readout" in p else y
        y = c["loss"].get("gain", 1.0) * p.get("readoutGain", 1.0) * y + p.get("readoutBias", 0.0)
        if c["observed"] is not None and t < steps - 1:
            seen = torch.tensor(c["observed"][:, t])
            if c["innovation"] is None:
                e = seen - y
            else:
                f, _, slope_of_log = links[c["innovation"]["link"]]
                expected = c["innovation"]["binWidth"] * f(y)
                e = seen - expected
                e = e * slope_of_log(y) if c["innovation"]["kind"] == "score" else e / expected.sqrt() if c["innovation"]["kind"] == "pearson" else e
            e = e if c["observedMask"] is None else e * torch.tensor(c["observedMask"][:, t])
            x = x + e @ p["filterGain"].T
        states.append(x)
        outputs.append(y)
    return torch.stack(states, 1), torch.stack(outputs, 1)


def entries(c, p, y):
    """Losses entry by entry, less what no parameter moves."""
    target, loss = torch.tensor(c["targets"]), c["loss"]
    if loss["kind"] == "meanSquaredError":
        return (y - target) ** 2 / 2
    if loss["kind"] == "crossEntropy":
        return -(target * torch.log_softmax(y, -1)).sum(-1)
    f, log_f, _ = links[loss["link"]]
    mean, log_mean = loss["binWidth"] * f(y), np.log(loss["binWidth"]) + log_f(y)
    if loss["kind"] == "poisson":
        return mean - target * log_mean
    learned = "logDispersion" in p
    s = 1e-10 + torch.exp(p["logDispersion"]) if learned else torch.tensor(loss["dispersion"])
    e = (target + 1 / s) * torch.log1p(s * mean) - target * log_mean
    for j in range(1, int(c["targets"].max())) if learned else ():  # log Gamma(n + 1/s) - log Gamma(1/s) + n log s
        e = e - (target > j) * torch.log1p(s * j)
    return e


def penalty(c, h):
    """Over the steps of a trial up to the last that the masks know of."""
    masks = [m.astype(bool) for m in (c["mask"], c["validation"]) if m is not None]
    steps = h.shape[1]
    known = np.any(masks, axis=0).any(-1) if masks else np.ones(h.shape[:2], bool)
    lengths = np.array([steps - row[::-1].argmax() if row.any() else 0 for row in known])
    here = torch.tensor((np.arange(steps) < lengths[:, None]).astype(float))[:, :, None]
    l1, l2 = c["ratePenalty"]["l1"], c["ratePenalty"]["l2"]
    return (here * (l1 * h.abs() + l2 * h**2 / 2)).sum() / (lengths.sum() * h.shape[2])


cases = []
while len(cases) < count:
    drawn = draw()
    if drawn is None:
        continue
    c, p, u, tau = drawn
    x, y = run(*drawn)
    if not y.isfinite().all() or y.abs().max() > 30:
        continue
    e, mask = entries(c, p, y), c["mask"]
    loss = e.mean() if mask is None else (e * torch.tensor(mask)).sum() / mask.sum()
    held = c["validation"]
    c["validationLoss"] = None if held is None else float((e * torch.tensor(held)).sum() / held.sum())
    c["penalty"] = None
    if c["ratePenalty"]:
        added = penalty(c, activations[c["phi"]](x[:, 1:]))
        c["penalty"], loss = float(added), loss + added
    names = [*p, "u"]
    gradients = torch.autograd.grad(loss, [*p.values(), u], allow_unused=True)
    c.update(states=out(x), outputs=out(y), value=float(loss), inputs=out(u))
    c["gradients"] = {k: out(np.zeros((p | {"u": u})[k].shape) if g is None else g) for k, g in zip(names, gradients)}
    c["params"] = {k: out(v) for k, v in p.items() if k != "logDispersion"}
    if mask is not None:  # what is not observed is never read
        c["targets"] = np.where((mask + (0 if held is None else held)) > 0, c["targets"], np.nan)
    if c["observedMask"] is not None:
        c["observed"] = np.where(c["observedMask"] > 0, c["observed"], np.nan)
    for k in ("targets", "mask", "validation", "observed", "observedMask"):
        c[k] = out(c[k])
    cases.append(c)

path.write_text(json.dumps({"by": f"networks.py, torch {torch.__version__}", "cases": cases}, separators=(",", ":")) + "\n")
print(path.stat().st_size, "bytes")
