"""Training steps of tasks in PyTorch, float32: a leaky network, a body that it moves, a masked loss, gradient, Adam."""
import math
import os

import torch

from common import serve

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
MUSCLES = [((0.04, 0.0), 800.0, 0.12), ((-0.04, 0.0), 800.0, 0.12), ((0.0, 0.025), 700.0, 0.1),
           ((0.0, -0.025), 700.0, 0.1), ((0.028, 0.028), 500.0, 0.14), ((-0.028, -0.028), 500.0, 0.14)]


def point_mass(told):
    dt, mass = told["dt"], told["mass"]
    keep, turn = 1 - dt / mass * told["friction"], dt / mass * told["curl"]
    c, s = math.cos(told["rotation"]), math.sin(told["rotation"])
    kick = dt / mass * told["strength"] * torch.tensor([[c, s], [-s, c]])
    moved = torch.tensor([[keep, -turn], [turn, keep]])

    def step(state, y):
        v = state[:, 2:] @ moved + y @ kick
        return torch.cat([state[:, :2] + dt * v, v], 1)

    return torch.zeros(4), step, (0, 4)


def two_joint_arm(told):
    upper, fore = told["segments"]["upper"], told["segments"]["fore"]
    l1, l2, dt = upper["length"], fore["length"], told["dt"]
    a1 = upper["inertia"] + fore["inertia"] + fore["mass"] * l1**2
    a2, a3 = fore["mass"] * l1 * fore["center"], fore["inertia"]
    field, friction, start = told["curl"] * l1 * l2, told["friction"], torch.tensor(told["start"])
    arms = torch.tensor([m[0] for m in MUSCLES]).T
    strongest, lengths = torch.tensor([m[1] for m in MUSCLES]), torch.tensor([m[2] for m in MUSCLES])

    def torques(q, w, a, u):
        if not told["muscles"]:
            return told["strength"] * u
        l = 1 - (q - start) @ arms / lengths
        v = -(w @ arms) / (10 * lengths)
        active = torch.exp(-((l - 1) ** 2) / 0.45) * (-0.318 * torch.asinh(-8.149 * v - 0.374) + 0.886)
        passive = torch.expm1(4 * (l - 1) / 0.6) / math.expm1(4)
        return (strongest * (a * active + passive)) @ arms.T

    def rate(b, u):
        q, w, a = b[:, :2], b[:, 2:4], b[:, 4:]
        t = torques(q, w, a, u)
        s, c = torch.sin(q[:, 1]), torch.cos(q[:, 1])
        w1, w2 = w[:, 0], w[:, 1]
        r1 = t[:, 0] + (a2 * w2 * (2 * w1 + w2) + field * w2) * s - friction * w1
        r2 = t[:, 1] - (a2 * w1 * w1 + field * w1) * s - friction * w2
        m11, m12 = a1 + 2 * a2 * c, a3 + a2 * c
        det = m11 * a3 - m12 * m12
        rates = [w1, w2, (a3 * r1 - m12 * r2) / det, (m11 * r2 - m12 * r1) / det]
        out = torch.stack(rates, 1)
        if not told["muscles"]:
            return out
        missing = torch.sigmoid(4 * u - 2) - a
        rising, ease = torch.sigmoid(20 * missing), 0.5 + 1.5 * a
        return torch.cat([out, (rising / (0.015 * ease) + (1 - rising) * ease / 0.06) * missing], 1)

    def hand(b):
        q1, q12, w1, w12 = b[:, 0], b[:, 0] + b[:, 1], b[:, 2], b[:, 2] + b[:, 3]
        x1, y1, x2, y2 = l1 * torch.cos(q1), l1 * torch.sin(q1), l2 * torch.cos(q12), l2 * torch.sin(q12)
        return torch.stack([x1 + x2, y1 + y2, -y1 * w1 - y2 * w12, x1 * w1 + x2 * w12], 1)

    rest = torch.cat([start, torch.zeros(2)] + ([torch.full((6,), 1 / (1 + math.exp(2)))] if told["muscles"] else []))
    origin = hand(rest[None])
    h = dt / told["substeps"]

    def step(state, u):
        b = state[:, 4:]
        for _ in range(told["substeps"]):
            k1 = rate(b, u)
            k2 = rate(b + h / 2 * k1, u)
            k3 = rate(b + h / 2 * k2, u)
            k4 = rate(b + h * k3, u)
            b = b + h / 6 * (k1 + 2 * (k2 + k3) + k4)
        return torch.cat([hand(b) - origin, b], 1)

    return torch.cat([torch.zeros(4), rest]), step, (0, 4)


def delayed(told):
    start, step, (first, last) = plant_of(told["plant"])
    body, shown, steps = len(start), last - first, told["steps"]

    def late(state, y):
        return torch.cat([step(state[:, :body], y), state[:, first:last], state[:, body:-shown]], 1)

    size = body + steps * shown
    return torch.cat([start] + [start[first:last]] * steps), late, (size - shown, size)


def plant_of(told):
    return {"pointMass": point_mass, "twoJointArm": two_joint_arm, "delayedFeedback": delayed}[told["kind"]](told)


def training(arrays, request):
    alpha, phi = request["alpha"], torch.tanh if request["phi"] == "tanh" else lambda x: x
    p = {k: torch.nn.Parameter(torch.tensor(arrays[k], dtype=torch.float32)) for k in request["params"]}
    u, y = (torch.tensor(arrays[k], dtype=torch.float32).transpose(0, 1).contiguous() for k in ("inputs", "targets"))
    mask = torch.tensor(arrays["mask"], dtype=torch.float32).transpose(0, 1).contiguous() if "mask" in arrays else None
    adam = torch.optim.Adam(p.values(), lr=request["rate"])
    external, trials = u.shape[2], u.shape[1]
    start, step, (first, last) = plant_of(request["plant"]) if request["plant"] else (None, None, (0, 0))
    feedback = p["wIn"].shape[1] - external

    def once():
        x = p["x0"].expand(trials, -1)
        drive = u @ p["wIn"][:, :external].T + p["bias"]
        state = start.expand(trials, -1) if step else None
        r, seen = phi(x), []
        for d in drive.unbind(0):
            if feedback:
                d = d + state[:, first:last] @ p["wIn"][:, external:].T
            x = x + alpha * (r @ p["w"].T + d - x)
            r = phi(x)
            if step:
                state = step(state, r @ p["readout"].T + p["readoutBias"])
            seen.append(state if step else r)
        out = torch.stack(seen)
        if not step:
            out = out @ p["readout"].T + p["readoutBias"]
        loss = 0.5 * ((out - y) ** 2).mean() if mask is None else 0.5 * (mask * (out - y) ** 2).sum() / mask.sum()
        adam.zero_grad()
        loss.backward()
        adam.step()
        return float(loss)

    return once


serve({"training": training})
