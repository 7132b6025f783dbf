"""100 updates of PyTorch's optimizers on a small problem without transcendental functions: optimizers.json."""

import json
import pathlib

import torch

STEPS = 100
K = torch.tensor([[0.5, 1.5], [0.25, 2.0]], dtype=torch.float64)
CENTER = torch.tensor([[1.0, -0.5], [2.0, 0.25]], dtype=torch.float64)
START = {"w": [[0.1, 0.7], [-0.3, 0.9]], "b": [0.4, -0.2]}


def gradients(w, b):
    """Of sum K (w - CENTER)^4 / 4 + |w b - 1|^2 / 2 + sum b^4 / 4."""
    error = w @ b - 1
    return K * (w - CENTER) ** 3 + error[:, None] * b[None, :], w.T @ error + b**3


T = torch.optim
CASES = {
    "sgd": lambda p: (T.SGD(p, lr=0.03), None),
    "heavy ball": lambda p: (T.SGD(p, lr=0.02, momentum=0.9), None),
    "Nesterov": lambda p: (T.SGD(p, lr=0.02, momentum=0.8, nesterov=True), None),
    "sgd with decay": lambda p: (T.SGD(p, lr=0.02, momentum=0.9, weight_decay=0.1), None),
    "Adam": lambda p: (T.Adam(p, lr=0.05), None),
    "Adam with decay": lambda p: (T.Adam(p, lr=0.05, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.2), None),
    "AdamW": lambda p: (T.AdamW(p, lr=0.05, weight_decay=0.3), None),
    "RMSProp": lambda p: (T.RMSprop(p, lr=0.01), None),
    "RMSProp, centered": lambda p: (T.RMSprop(p, lr=0.01, alpha=0.98, eps=1e-6, centered=True), None),
    "RMSProp with momentum": lambda p: (T.RMSprop(p, lr=0.003, momentum=0.9, centered=True), None),
    "AdamW on a cosine": lambda p: cosine(T.AdamW(p, lr=0.1, betas=(0.9, 0.98), weight_decay=0.01)),
}


def cosine(optimizer):
    floor = 0.05
    return optimizer, T.lr_scheduler.LambdaLR(
        optimizer, lambda k: floor + (1 - floor) * (1 + torch.cos(torch.tensor(torch.pi * k / STEPS, dtype=torch.float64)).item()) / 2
    )


def run(make):
    w, b = (torch.tensor(START[name], dtype=torch.float64, requires_grad=True) for name in ("w", "b"))
    optimizer, schedule = make([w, b])
    path = []
    for _ in range(STEPS):
        with torch.no_grad():
            w.grad, b.grad = gradients(w, b)
        optimizer.step()
        if schedule:
            schedule.step()
        path.append([*w.flatten().tolist(), *b.tolist()])
    return path


out = {
    "made by": f"optimizers.py, torch {torch.__version__}",
    "start": START,
    "paths": {name: run(make) for name, make in CASES.items()},
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")).replace('],[', '],\n[') + "\n")
