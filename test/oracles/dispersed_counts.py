"""dispersed-counts.json: sums over j < n of log(1 + s j) and of s j / (1 + s j) by mpmath, at 50 digits, from log gamma
and digamma; negative log likelihoods of negative binomial counts by scipy.stats, with their slopes in log s by mpmath."""
import json

import mpmath as mp
import scipy
from scipy.stats import nbinom

mp.mp.dps = 50


def rising(n, s):
    s = mp.mpf(s)
    r = 1 / s
    value = mp.loggamma(n + r) - mp.loggamma(r) + n * mp.log(s)
    return [float(value), float(n - r * (mp.digamma(n + r) - mp.digamma(r)))]


def likelihood(n, mean, s):
    r, m = 1 / mp.mpf(s), mp.mpf(mean)
    return mp.loggamma(n + r) - mp.loggamma(r) - mp.loggamma(n + 1) - r * mp.log(1 + m / r) + n * mp.log(m / (m + r))


sums = [
    {"n": n, "s": s, "rising": rising(n, s)}
    for n in (0, 1, 2, 5, 63, 64, 65, 66, 200, 1500, 100000)
    for s in (1e-10, 1e-4, 0.02, 0.7, 30.0, 1e10)
]
entries = [
    {
        "n": n,
        "mean": mean,
        "s": s,
        "loss": float(-likelihood(n, mean, s) - mp.loggamma(n + 1)),
        "slope": float(-s * mp.diff(lambda x: likelihood(n, mean, x), mp.mpf(s))),
        "scipy": float(-nbinom.logpmf(n, 1 / s, 1 / (1 + s * mean))) - float(mp.loggamma(n + 1)),
    }
    for n in (0, 1, 4, 90)
    for mean in (0.01, 1.5, 40.0)
    for s in (1e-3, 0.4, 20.0)
]
with open("dispersed-counts.json", "w") as file:
    json.dump({"mpmath": mp.__version__, "scipy": scipy.__version__, "sums": sums, "entries": entries}, file, indent=1)
