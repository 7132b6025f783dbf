"""Scores by the functions of nlb_tools (github.com/neurallatents/nlb_tools, nlb_tools/evaluation.py, MIT), loaded as they
are, with scikit-learn 1.9.1, and few-shot readouts by scikit-learn's PoissonRegressor. Run with the folder that holds
evaluation.py as the argument; prints JSON."""
import json
import sys
import types

import numpy as np
from sklearn.linear_model import PoissonRegressor

sys.modules.setdefault("h5py", types.ModuleType("h5py"))  # evaluation.py reads files with it, of which there are none here
sys.path.insert(0, sys.argv[1])
from evaluation import bits_per_spike, eval_psth, velocity_decoding  # noqa: E402

rng = np.random.default_rng(3)


def out(x):
    x = np.asarray(x, float)
    return {"shape": list(x.shape), ("values" if np.isnan(x).any() else "data"): [None if np.isnan(v) else float(v) for v in x.ravel()]}


trials, time, neurons = 14, 9, 4
latent = np.cumsum(rng.normal(size=(trials, time, 2)), axis=1) / 3
rates = np.exp(latent @ rng.normal(size=(2, neurons)) * 0.6 - 0.2)
counts = rng.poisson(rates).astype(float)
missing = counts.copy()
missing[3, 4:] = np.nan
missing[:, 2, 1] = np.nan
guess = rates * np.exp(0.2 * rng.normal(size=rates.shape))
guess[0, 0, 0] = 0
rows = np.arange(trials) % 3
rows[5] = -1
psth = np.stack([rates[rows == c].mean(0) for c in range(3)] + [np.ones((time, neurons))])
psth[1, -2:] = np.nan
velocity = latent @ rng.normal(size=(2, 2)) + 0.3 * rng.normal(size=(trials, time, 2))
velocity[2, :3] = np.nan
groups = np.stack([np.arange(trials) % 2 == g for g in range(2)], axis=1)
one = np.full((trials, 1), True)


def decoding(mask, **more):
    return velocity_decoding(guess[:9], velocity[:9], mask[:9], guess[9:], velocity[9:], mask[9:], **more)


x, y = latent.reshape(-1, 2), counts.reshape(-1, neurons)
glm = []
for n in range(neurons):
    fit = PoissonRegressor(alpha=1e-2, solver="newton-cholesky", tol=1e-14, max_iter=1000).fit(x[: 8 * time], y[: 8 * time, n])
    glm.append(fit.predict(x[8 * time :]))
few = bits_per_spike(np.stack(glm, -1).reshape(-1, time, neurons), counts[8:])

print(
    json.dumps(
        {
            "counts": out(counts),
            "missing": out(missing),
            "rates": out(guess),
            "latent": out(latent),
            "velocity": out(velocity),
            "psth": out(psth),
            "rows": rows.tolist(),
            "bits": float(bits_per_spike(guess.copy(), counts)),
            "bitsMissing": float(bits_per_spike(guess.copy(), missing)),
            "psthR2": float(eval_psth(psth, guess, [np.where(rows == c)[0] for c in range(4)])),
            "decoding": float(decoding(one)),
            "decodingFixed": float(decoding(one, grid_search=False)),
            "decodingGroups": float(decoding(groups)),
            "fewShot": float(few),
        }
    )
)
