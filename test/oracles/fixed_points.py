"""Fixed points of tanh and softplus networks of six units by scipy's root finder (hybr) from 4 000 random states, with the eigenvalues of their Jacobians by numpy. Run with Debian's Python, numpy and scipy; prints JSON."""
import json, sys
import numpy, scipy, scipy.optimize

phis = {"tanh": (numpy.tanh, lambda x: 1 - numpy.tanh(x) ** 2), "softplus": (lambda x: numpy.logaddexp(0, x), lambda x: 1 / (1 + numpy.exp(-x)))}
networks = []
for name, gain, tau, seed in [("tanh", 3.0, 1.0, 23), ("tanh", 4.0, 2.0, 6), ("softplus", 2.0, 0.5, 36)]:
    r = numpy.random.default_rng(seed)
    n = 6
    phi, slope = phis[name]
    w, b = gain * r.normal(size=(n, n)) / numpy.sqrt(n), 0.3 * r.normal(size=n)
    points = []
    for _ in range(4000):
        found = scipy.optimize.root(lambda x: -x + w @ phi(x) + b, 3 * r.normal(size=n), jac=lambda x: -numpy.eye(n) + w * slope(x), tol=1e-13)
        if numpy.linalg.norm(-found.x + w @ phi(found.x) + b) < 1e-11 and not any(numpy.linalg.norm(found.x - p) < 1e-6 for p in points):
            points.append(found.x)
    networks.append({
        "phi": name, "tau": tau,
        "w": {"shape": [n, n], "data": w.ravel().tolist()}, "bias": {"shape": [n], "data": b.tolist()},
        "points": [{"x": p.tolist(), "real": sorted(numpy.linalg.eigvals((-numpy.eye(n) + w * slope(p)) / tau).real.tolist(), reverse=True)} for p in points],
    })
json.dump({"made by": f"scipy {scipy.__version__}, numpy {numpy.__version__}, Python {sys.version.split()[0]}", "networks": networks}, sys.stdout, separators=(",", ":"))
