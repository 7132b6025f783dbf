"""Trajectories of a two-joint arm, for test/tasks/two-joint-arm.test.ts: python3 test/oracles/arm.py

The equations of motion come from the Lagrangian by automatic differentiation: its kinetic energy is that of two bodies
with their masses, centers and inertias in Cartesian coordinates. They are integrated by DOP853 at a tolerance of 1e-13.
"""
import json
import platform

import numpy as np
import scipy
import torch
from scipy.integrate import solve_ivp

torch.set_default_dtype(torch.float64)
MUSCLES = [((0.04, 0.0), 800, 0.12), ((-0.04, 0.0), 800, 0.12), ((0.0, 0.025), 700, 0.1),
           ((0.0, -0.025), 700, 0.1), ((0.028, 0.028), 500, 0.14), ((-0.028, -0.028), 500, 0.14)]


def points(q, arm):
    """Centers of mass of both segments, and the hand."""
    along = [torch.stack([torch.cos(a), torch.sin(a)]) for a in (q[0], q[0] + q[1])]
    elbow = arm["upper"]["length"] * along[0]
    return arm["upper"]["center"] * along[0], elbow + arm["fore"]["center"] * along[1], elbow + arm["fore"]["length"] * along[1]


def velocities(q, w, arm):
    jacobian = torch.autograd.functional.jacobian(lambda q: torch.stack(points(q, arm)), q, create_graph=True)
    return jacobian @ w


def kinetic(q, w, arm):
    v = velocities(q, w, arm)
    energy = 0.0
    for name, speed, spin in (("upper", v[0], w[0]), ("fore", v[1], w[0] + w[1])):
        part = arm[name]
        about_center = part["inertia"] - part["mass"] * part["center"] ** 2
        energy = energy + part["mass"] * speed @ speed / 2 + about_center * spin**2 / 2
    return energy


def muscle_torque(q, w, a, start):
    torque = torch.zeros(2)
    for (arms, force, length), activation in zip(MUSCLES, a):
        arms = torch.tensor(arms)
        l = 1 - arms @ (q - start) / length
        v = -(arms @ w) / (10 * length)
        active = torch.exp(-((l - 1) ** 2) / 0.45)
        by_velocity = -0.318 * torch.asinh(-8.149 * v - 0.374) + 0.886
        passive = torch.expm1(4 * (l - 1) / 0.6) / np.expm1(4)
        torque = torque + arms * force * (activation * active * by_velocity + passive)
    return torque


def rate(y, u, arm):
    q, w, a = torch.tensor(y[:2]), torch.tensor(y[2:4]), torch.tensor(y[4:])
    lagrangian = lambda q, w: kinetic(q, w, arm)
    (hqq, hqw), (hwq, hww) = torch.autograd.functional.hessian(lagrangian, (q, w))
    slope = torch.autograd.functional.jacobian(lambda q: lagrangian(q, w), q)
    hand = torch.autograd.functional.jacobian(lambda q: points(q, arm)[2], q)
    v = hand @ w
    force = arm["curl"] * torch.stack([v[1], -v[0]])
    u = torch.tensor(u)
    torque = muscle_torque(q, w, a, torch.tensor(arm["start"])) if arm["muscles"] else arm["strength"] * u
    acceleration = torch.linalg.solve(hww, torque - arm["friction"] * w + hand.T @ force + slope - hwq @ w)
    rates = [w, acceleration]
    if arm["muscles"]:
        e = torch.sigmoid(4 * (u - 0.5))
        f = 0.5 * torch.tanh(10 * (e - a))
        rates.append(((f + 0.5) / (0.015 * (0.5 + 1.5 * a)) + (0.5 - f) * (0.5 + 1.5 * a) / 0.06) * (e - a))
    return torch.cat(rates).numpy()


def cursor(y, arm):
    q, w = torch.tensor(y[:2]), torch.tensor(y[2:4])
    position = points(q, arm)[2] - points(torch.tensor(arm["start"]), arm)[2]
    v = velocities(q, w, arm)[2]
    c, s = np.cos(arm["rotation"]), np.sin(arm["rotation"])
    turn = torch.tensor([[c, -s], [s, c]])
    return torch.cat([turn @ position, turn @ v]).detach().numpy()


def path(arm, controls):
    y = np.array([*arm["start"], 0.0, 0.0] + ([1 / (1 + np.exp(2.0))] * 6 if arm["muscles"] else []))
    states = []
    for u in controls:
        y = solve_ivp(lambda t, y: rate(y, u, arm), (0, arm["dt"]), y, method="DOP853", rtol=1e-13, atol=1e-14).y[:, -1]
        states.append([*cursor(y, arm), *y])
    return {"arm": arm, "controls": controls, "states": [[float(x) for x in s] for s in states]}


def main():
    generator = np.random.default_rng(1)
    human = {"upper": {"mass": 1.4, "length": 0.3, "center": 0.11, "inertia": 0.025},
             "fore": {"mass": 1.0, "length": 0.33, "center": 0.16, "inertia": 0.045}}
    other = {"upper": {"mass": 2.0, "length": 0.4, "center": 0.2, "inertia": 0.1},
             "fore": {"mass": 0.5, "length": 0.25, "center": 0.1, "inertia": 0.02}}
    cases = []
    for body, curl, rotation, muscles, start, friction in (
        (human, 0.0, 0.0, False, [0.7, 1.5], 0.05),
        (other, 13.0, 0.6, False, [0.2, 2.0], 0.0),
        (human, -8.0, -0.5, True, [0.8, 1.4], 0.1),
    ):
        arm = {**body, "curl": curl, "rotation": rotation, "muscles": muscles, "start": start, "friction": friction,
               "strength": 1.5, "dt": 0.02}
        controls = generator.normal(size=(10, 6 if muscles else 2)) * (0.5 if muscles else 1.0)
        cases.append(path(arm, controls.tolist()))
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "torch": torch.__version__}
    with open("test/oracles/arm.json", "w") as file:
        json.dump({"versions": versions, "cases": cases}, file, indent=1)


main()
