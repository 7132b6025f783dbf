"""Covariances of trial factors, by mpmath with 40 digits, and factors of new trials, by the dense formulas of conditional
normal variables in numpy. Run with Debian's Python, mpmath and numpy; prints JSON."""
import json
import mpmath, numpy as np

mpmath.mp.dps = 40
rng = np.random.default_rng(7)


def correlation(kernel, d, length, alpha):
    d, length, alpha = mpmath.mpf(d), mpmath.mpf(length), mpmath.mpf(alpha)
    if kernel == "rationalQuadratic":
        return (1 + d**2 / (2 * alpha * length**2)) ** (-alpha)
    if kernel == "rbf":
        return mpmath.exp(-(d**2) / (2 * length**2))
    if kernel == "matern32":
        s = mpmath.sqrt(3) * d / length
        return (1 + s) * mpmath.exp(-s)
    s = mpmath.sqrt(5) * d / length
    return (1 + s + s**2 / 3) * mpmath.exp(-s)


def covariance(times, others, epochs, other_epochs, kernel, length, sigma, alpha=1.0, **_):
    return np.array([[float(mpmath.mpf(sigma) ** 2 * correlation(kernel, abs(mpmath.mpf(t) - mpmath.mpf(s)), length, alpha)) if e == f else 0.0
                      for s, f in zip(others, other_epochs)] for t, e in zip(times, epochs)])


pack = lambda x: {"shape": list(np.shape(x)), "data": np.ravel(x).tolist()}

values = [{"kernel": kernel, "d": d, "length": length, "alpha": alpha, "value": float(correlation(kernel, d, length, alpha))}
          for kernel in ("rationalQuadratic", "rbf", "matern32", "matern52")
          for d, length in ((0.25, 1.0), (1.0, 3.0), (1.0, 1e4), (1e-6, 1e3), (3.0, 1.0), (7.5, 2.0), (0.28867513459481287, 1.0), (20.0, 2.0))
          for alpha in ((0.5, 1.0, 40.0) if kernel == "rationalQuadratic" else (1.0,))]

times = [0.0, 1.0, 1.5, 4.0, 9.0, 9.5, 11.0, 12.0, 20.0]
epochs = [0, 0, 0, 0, 1, 1, 1, 2, 2]
new_times = [0.5, 3.0, 10.0, 30.0, 12.0, -2.0]
new_epochs = [0, 0, 1, 2, 2, 0]
processes = [
    {"kernel": "rationalQuadratic", "length": 3.0, "sigma": 1.3, "alpha": 0.7, "noise": 0.2},
    {"kernel": "rbf", "length": 2.0, "sigma": 0.8, "noise": 0.05},
    {"kernel": "matern32", "length": 5.0, "sigma": 2.0},
    {"kernel": "matern52", "length": 40.0, "sigma": 1.0, "noise": 0.3},
]
jitter, rank = 1e-3, 2
cases = []
for process in processes:
    for labels, new_labels in ((epochs, new_epochs), (None, None)):
        e = labels or [0] * len(times)
        f = new_labels or [0] * len(new_times)
        noise = process.get("noise", 0.0)
        k = covariance(times, times, e, e, **process) + noise**2 * np.eye(len(times))
        whole = k + jitter * np.eye(len(times))
        z = rng.normal(size=(len(times), rank))
        m = rng.normal(size=(len(set(e)) if labels else 1, rank))
        c = m[e] + np.linalg.cholesky(whole) @ z
        cross = covariance(new_times, times, f, e, **process)
        mean = m[f] + cross @ np.linalg.solve(whole, c - m[e])
        variance = process["sigma"] ** 2 + noise**2 + jitter - np.einsum("ij,ji->i", cross, np.linalg.solve(whole, cross.T))
        # the same, given the leading eigenvectors alone: those that hold 90 % of the variance
        value, vector = np.linalg.eigh(whole)
        kept = int(np.searchsorted(np.cumsum(value[::-1]) / value.sum(), 0.9)) + 1
        value, vector = value[::-1][:kept], vector[:, ::-1][:, :kept]
        part = vector.T @ (c - m[e])
        basis_mean = m[f] + cross @ vector @ (part / value[:, None])
        basis_variance = process["sigma"] ** 2 + noise**2 + jitter - np.einsum("ij,j->i", (cross @ vector) ** 2, 1 / value)
        cases.append({"process": process, "epochs": labels, "newEpochs": new_labels, "covariance": pack(k), "z": pack(z), "m": pack(m), "c": pack(c),
                      "mean": pack(mean), "variance": variance.tolist(), "kept": kept, "basisMean": pack(basis_mean), "basisVariance": basis_variance.tolist(),
                      "basisCovariance": pack(vector * value @ vector.T)})

# a random walk: given its first value, its covariance is sigma² min(t - t0, s - t0)
sigma, first = 0.7, times[0]
walk = lambda t, s: sigma**2 * np.minimum(np.subtract(t, first)[:, None], np.subtract(s, first)[None, :])
c = np.cumsum(rng.normal(size=(len(times), rank)), axis=0)
inside = [0.5, 3.0, 10.0, 30.0]
known, cross = walk(times[1:], times[1:]), walk(inside, times[1:])
mean = c[0] + cross @ np.linalg.solve(known, c[1:] - c[0])
variance = np.diag(walk(inside, inside) - cross @ np.linalg.solve(known, cross.T))
print(json.dumps({"versions": {"mpmath": mpmath.__version__, "numpy": np.__version__}, "correlations": values, "times": times, "newTimes": new_times, "jitter": jitter,
                  "cases": cases, "walk": {"sigma": sigma, "times": times, "c": pack(c), "newTimes": inside, "mean": pack(mean), "variance": variance.tolist()}}))
