"""ALS sweeps in TensorLy (numpy): looked for as a module, or under the folder in PEERS."""
import os
import sys
import time

if "PEERS" in os.environ:
    sys.path.insert(0, os.path.join(os.environ["PEERS"], "tensorly"))
import numpy as np
import tensorly as tl
from tensorly.decomposition import parafac

from common import serve


def als(arrays, request):
    x, factors, mask = arrays["x"], [arrays[f"factor{m}"] for m in range(request["modes"])], arrays.get("mask")
    if mask is not None:
        x = x * mask

    def once():
        stamps, errors = [], []

        def note(_, error):
            stamps.append(time.perf_counter())
            errors.append(float(error))

        start = tl.cp_tensor.CPTensor((None, [f.copy() for f in factors]))
        parafac(x, factors[0].shape[1], n_iter_max=request["sweeps"], init=start, tol=1e-300, mask=mask, callback=note)
        return float(np.median(np.diff(stamps))) * 1e3, errors[-1]

    return once


serve({"als": als})
