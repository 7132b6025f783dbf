"""Tucker and PARAFAC2 in TensorLy (numpy), in CPU time: a module, or under the folder in PEERS."""
import os
import sys
import time

if "PEERS" in os.environ:
    sys.path.insert(0, os.path.join(os.environ["PEERS"], "tensorly"))
import numpy as np
import tensorly as tl
from tensorly.decomposition import parafac2, tucker
from tensorly.tenalg import mode_dot
from tensorly.tenalg.svd import svd_interface

from common import serve


def timed(work):
    start = time.process_time()
    value = work()
    return (time.process_time() - start) * 1e3, value


def hooi(arrays, request):
    x, ranks = arrays["x"], request["ranks"]

    def once():
        core, factors = tucker(x, ranks, n_iter_max=request["sweeps"], tol=0)
        return float(np.sqrt(max(0, 1 - (tl.norm(core) / tl.norm(x)) ** 2)))

    return lambda: timed(once)


def sthosvd(arrays, request):
    """Its own singular vectors and products, mode by mode."""
    x, ranks = arrays["x"], request["ranks"]

    def once():
        core = x
        for mode, rank in enumerate(ranks):
            u, _, _ = svd_interface(tl.unfold(core, mode), n_eigenvecs=rank)
            core = mode_dot(core, u.T, mode)
        return float(np.sqrt(max(0, 1 - (tl.norm(core) / tl.norm(x)) ** 2)))

    return lambda: timed(once)


def ragged(arrays, request):
    x, ends = arrays["x"], request["ends"]
    slices = [x[a:b] for a, b in zip([0] + ends[:-1], ends)]

    def once():
        _, errors = parafac2(slices, request["rank"], n_iter_max=request["sweeps"], tol=1e-300, return_errors=True, random_state=1)
        return float(errors[-1])

    return lambda: timed(once)


serve({"hooi": hooi, "sthosvd": sthosvd, "parafac2": ragged})
