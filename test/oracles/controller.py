"""The controller network of inputs, in plain numpy, and the gradients of sum(G u) by PyTorch's autograd in float64.

The formula is that of the paper's code, by Euler steps: h' = h + alpha (relu(5 f(h)) - h), f a stack of linear layers
with relu between, one stack in every condition; u = gain tanh(h q / |q|).
Run with Debian's Python, numpy and torch; prints JSON."""
import json
import numpy as np, torch

rng = np.random.default_rng(11)
pack = lambda x: {"shape": list(np.shape(x)), "data": np.ravel(x).tolist()}


def forward_numpy(p, layers, alpha, steps):
    conditions, _ = p["h0"].shape
    u = np.zeros((conditions, steps, p["map"].shape[1]))
    q = p["map"] / np.sqrt(np.sum(p["map"] ** 2, axis=0))
    for c in range(conditions):
        h = p["h0"][c]
        for t in range(steps):
            u[c, t] = p["gain"] * np.tanh(h @ q)
            y = h
            for l in range(layers):
                y = y @ p[f"w{l}"][c] + p[f"b{l}"][c]
                if l < layers - 1:
                    y = np.maximum(y, 0)
            h = h + alpha * (np.maximum(5 * y, 0) - h)
    return u


def forward_torch(p, layers, alpha, steps):
    q, h, out = p["map"] / p["map"].norm(dim=0), p["h0"], []
    for _ in range(steps):
        out.append(p["gain"] * torch.tanh(h @ q))
        y = h
        for l in range(layers):
            y = torch.einsum("ci,cij->cj", y, p[f"w{l}"]) + p[f"b{l}"]
            if l < layers - 1:
                y = torch.relu(y)
        h = h + alpha * (torch.relu(5 * y) - h)
    return torch.stack(out, dim=1)


cases = []
for units, hidden, inputs, conditions, steps, alpha in [(5, [4, 3], 2, 3, 7, 0.3), (3, [], 1, 1, 4, 1.0), (4, [6], 3, 2, 5, 0.05)]:
    widths = [units, *hidden, units]
    p = {"h0": rng.uniform(-1, 1, (conditions, units))}
    for l in range(len(widths) - 1):
        p[f"w{l}"] = rng.normal(size=(conditions, widths[l], widths[l + 1])) / np.sqrt(widths[l])
        p[f"b{l}"] = rng.normal(size=(conditions, widths[l + 1])) / np.sqrt(widths[l])
    p["map"] = rng.normal(size=(units, inputs))
    p["gain"] = rng.normal(size=inputs)
    u = forward_numpy(p, len(widths) - 1, alpha, steps)
    t = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in p.items()}
    same = forward_torch(t, len(widths) - 1, alpha, steps)
    assert np.abs(same.detach().numpy() - u).max() < 1e-13
    g = rng.normal(size=u.shape)
    (same * torch.tensor(g)).sum().backward()
    cases.append({"units": units, "layers": hidden, "inputs": inputs, "conditions": conditions, "steps": steps, "alpha": alpha,
                  "params": {k: pack(v) for k, v in p.items()}, "u": pack(u), "g": pack(g),
                  "gradients": {k: pack(v.grad.numpy()) for k, v in t.items()}})
print(json.dumps({"versions": {"numpy": np.__version__, "torch": torch.__version__}, "cases": cases}))
