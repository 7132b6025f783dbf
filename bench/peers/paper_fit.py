"""Fits a recording by the paper's code, and writes the recording, its masks and the curve of errors over CPU seconds.

usage: python3 paper_fit.py PEERS planted|RECORDING.npz FOLDER [ITERATIONS]

ITERATIONS is 3000 unless given, as in their notebook. The curve is written as it grows, so a run may be ended early.

PEERS holds `ltrrnn` (github arthur-pe/LtrRNN), `torchsde` (google-research/torchsde) and `shims/trampoline`, or what it
stands for. A planted recording is made by their classes: a network, a controller and a decoder as they start. Plotting
and saving are replaced by nothing; nothing else of their code is changed.
"""
import json
import os
import sys
import tempfile
import time

peers, recording, folder = sys.argv[1:4]
iterations = int(sys.argv[4]) if len(sys.argv) > 4 else 3000
for name in ("shims", "torchsde", "ltrrnn"):
    sys.path.insert(0, os.path.join(peers, name))
from unittest.mock import MagicMock

for name in ("matplotlib", "matplotlib.pyplot", "ltrRNN.plotting", "tqdm", "tqdm.auto", "yaml"):
    sys.modules[name] = MagicMock()  # only figures and settings in files ask for them
import numpy as np
import torch

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
from ltrRNN.helper import classes, control, functions
from ltrRNN.rnn_architectures.tensor_rank import RationalQuadratic, TensorRankSmooth
from ltrRNN.run import training
from ltrRNN.sde.systems import SDE

training.main_plot = MagicMock()
axes = MagicMock()
axes.__iter__.side_effect = lambda: iter([])
training.main_plot.get_figure.return_value = [MagicMock(), axes, MagicMock()]
training.utils = MagicMock()
torch.save = lambda *a, **k: None

hyper = dict(
    seed=1, rnn_dim=60, rank=3, time_constant=1.0, noise=0.0, bias=False, duration=2, orthogonal_decoder=True,
    decoder_bias=False, sigma_observation=0.1, l=15, sigma=0.1, discontinuous_covariance=False,
    control_preparatory=True, control_execution=True, fit_preparatory=True, condition_specific_init=True,
    in_space_control=True, control_dim=3, control_dnn_dim=[50, 50], control_hidden_dim=50, time_constant_control=2,
    trial_rank_control=-1, fraction_masked=0.2, learning_rate=0.001, test_freq=10**9, regularization=0.0,
    regularization_function="square", training_iterations=10**9, min_std_convergence=0.0, steps_std_convergence=10**9,
    optimize=True)


def planted(trials=120, bins=22, neurons=60, conditions=8):
    """Activity (time x trial x neuron) of a network of their classes as it starts, with trial factors that move."""
    torch.manual_seed(7)
    condition = torch.tensor(np.random.default_rng(7).permutation(np.arange(trials) % conditions))
    net = TensorRankSmooth(hyper["rnn_dim"], hyper["rank"], torch.arange(trials), None, RationalQuadratic(15, 0.5),
                           activation=torch.tanh, std_observation=0.02, in_space_inputs=True,
                           condition=condition, in_dims=(hyper["rank"],))
    controller = control.TrialRankController(50, trials, conditions, [50, 50], time_constant=2, init="optimized",
                                             activation=torch.relu)
    drive = classes.ConditionWiseControlMap(condition, 50, hyper["rank"], activation=torch.tanh)
    system = SDE([net, controller], np.array([[1, drive], [0, 1]]))
    decoder = classes.OrthogonalScaled(hyper["rnn_dim"], neurons, bias=False, scaling=False)
    with torch.no_grad():
        system.build_parameterization()
        ts = torch.linspace(0, hyper["duration"], bins - 1)
        ts = torch.cat([ts, ts[-1:] + ts[1]])
        states = system.cut_states(functions.sdeint_aaeh(system, system.get_initial_state(trials), ts))[0]
        clean = decoder(torch.tanh(states)).numpy().astype(float)
    clean += 0.1 * clean.std() * np.random.default_rng(8).standard_normal(clean.shape)
    return clean, condition.numpy()


def recorded(path, trials=200):
    """Factors of a session about the switch of its decoder, in units of their deviation; NaN where there is none."""
    file = np.load(path, allow_pickle=False)
    first = int(np.argmax(file["block"] == 1)) - trials // 3
    some = slice(max(0, first), max(0, first) + trials)
    x = file["latents"][some].astype(float).transpose(1, 0, 2)
    x = (x - np.nanmean(x, axis=(0, 1))) / np.nanstd(x, axis=(0, 1))
    return x, (file["target_deg"][some] // 45).astype(int)


class Clock:
    """In place of tqdm: notes the CPU time and the error after every iteration, and writes them now and then."""

    curve = []

    def __init__(self, *a, **k):
        self.cpu = time.process_time()

    def __iter__(self):
        return self

    def set_description(self, text):
        pass

    def __next__(self):
        losses = sys._getframe(1).f_locals["losses"]
        if losses:
            Clock.curve.append([time.process_time() - self.cpu, losses[-1][1] / variance])
        if len(losses) % 50 == 0 or len(losses) >= iterations:
            write_curve()
        if len(losses) >= iterations:
            raise StopIteration
        return len(losses)


def write_curve():
    path = os.path.join(folder, "paper.json")
    with open(path + ".part", "w") as out:
        json.dump(dict(curve=Clock.curve, iterations=len(Clock.curve)), out)
    os.replace(path + ".part", path)


data, condition = planted() if recording == "planted" else recorded(recording)
_, condition = np.unique(condition, return_inverse=True)
observed = np.isfinite(data)
torch.manual_seed(3)
train, test = functions.block_mask(data.shape, [2, 2, 0], [1, 1, 0], 0.1, device="cpu")
train, test = train & torch.tensor(observed), test & torch.tensor(observed)
data = np.where(observed, data, 0)
os.makedirs(folder, exist_ok=True)
for name, array in dict(activity=data, train=train.numpy(), test=test.numpy()).items():
    np.save(os.path.join(folder, name + ".npy"), np.ascontiguousarray(array.transpose(1, 0, 2).astype(float)))
np.save(os.path.join(folder, "conditions.npy"), condition.astype(float))

variance = float(data[test.numpy()].var())
training.tqdm = Clock
with tempfile.TemporaryDirectory() as scratch:
    training.train(hyper, data.astype(np.float32), condition, np.arange(-1, len(data) - 1), None,
                   None, train, test, MagicMock(), scratch, ".", device="cpu")
print(len(Clock.curve), "iterations; held-out error", min(error for _, error in Clock.curve))
