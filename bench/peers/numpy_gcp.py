"""Loss and gradient of generalized CP (Poisson, identity link) in numpy, as pyttb and Tensor Toolbox compute them."""
import time

import numpy as np

from common import serve


def khatri_rao(factors):
    product = factors[0]
    for f in factors[1:]:
        product = (product[:, None, :] * f[None, :, :]).reshape(-1, f.shape[1])
    return product


def gcp(arrays, request):
    x, factors = arrays["x"], [arrays[f"factor{m}"] for m in range(request["modes"])]

    def once():
        start = time.perf_counter()
        model = (factors[0] @ khatri_rao(factors[1:]).T).reshape(x.shape)
        raised = model + 1e-10
        loss = float((model - x * np.log(raised)).mean())
        y = (1 - x / raised) / x.size
        for mode in range(x.ndim):
            others = [f for m, f in enumerate(factors) if m != mode]
            np.moveaxis(y, mode, 0).reshape(x.shape[mode], -1) @ khatri_rao(others)
        return (time.perf_counter() - start) * 1e3, loss

    return once


def sampled(arrays, request):
    """The same from so many entries, drawn uniformly (Kolda & Hong 2020)."""
    x, factors, count = arrays["x"], [arrays[f"factor{m}"] for m in range(request["modes"])], request["samples"]
    rng, flat = np.random.default_rng(1), x.reshape(-1)

    def once():
        start = time.perf_counter()
        drawn = rng.integers(0, x.size, count)
        places = np.unravel_index(drawn, x.shape)
        rows = [f[p] for f, p in zip(factors, places)]
        slope = (1 - flat[drawn] / (np.prod(rows, axis=0).sum(axis=1) + 1e-10)) / count
        for mode, (f, p) in enumerate(zip(factors, places)):
            gradient = np.zeros_like(f)
            np.add.at(gradient, p, slope[:, None] * np.prod([r for m, r in enumerate(rows) if m != mode], axis=0))
        return (time.perf_counter() - start) * 1e3, 0.0

    return once


serve({"gcp": gcp, "sampled": sampled})
