"""Training steps in PyTorch, float32: low tensor rank (W_k never formed) and leaky full rank; loss, gradient, Adam."""
import os

import numpy as np
import torch

from common import serve

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))


def training(arrays, request):
    alpha = request["alpha"]
    p = {k: torch.nn.Parameter(torch.tensor(arrays[k], dtype=torch.float32)) for k in request["params"]}
    u, y = (torch.tensor(arrays[k], dtype=torch.float32).transpose(0, 1).contiguous() for k in ("inputs", "targets"))
    rows = torch.tensor(request["conditions"])
    adam = torch.optim.Adam(p.values(), lr=1e-3)

    def recur(r):
        return r @ p["w"].T if "w" in p else ((r @ p["b"]) * p["c"]) @ p["a"].T

    def once():
        x = p["x0"][rows]
        drive = u @ p["wIn"].T
        if "bias" in p:
            drive = drive + p["bias"]
        r, rates = torch.tanh(x), []
        for d in drive.unbind(0):
            x = x + alpha * (recur(r) + d - x)
            r = torch.tanh(x)
            rates.append(r)
        out = torch.stack(rates) @ p["readout"].T
        if "readoutBias" in p:
            out = out + p["readoutBias"]
        loss = 0.5 * ((out - y) ** 2).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        return float(loss)

    return once


serve({"training": training})
