"""Non-negative least squares of single rows over observed entries, by scipy.optimize.nnls.

A tensor with holes, the factors of modes 1 and 2, and the row of the factor of mode 0 for each slice.
Run: python3 masked_nnls.py > masked-nnls.json
"""

import json

import numpy as np
import scipy
from scipy.optimize import nnls

rng = np.random.default_rng(7)
shape, rank = (9, 6, 5), 4
b, c = [rng.standard_normal((n, rank)) for n in shape[1:]]
x = rng.standard_normal(shape)
mask = (rng.random(shape) < 0.6).astype(float)
design = np.einsum("jr,kr->jkr", b, c).reshape(-1, rank)
rows, residuals = [], []
for i in range(shape[0]):
    seen = mask[i].ravel() > 0
    row, residual = nnls(design[seen], x[i].ravel()[seen])
    rows.append(row.tolist())
    residuals.append(residual)


def plain(array):
    array = np.asarray(array)
    return {"shape": list(array.shape), "data": array.ravel().tolist()}


print(json.dumps({"madeBy": f"masked_nnls.py, scipy {scipy.__version__}", "x": plain(x), "mask": plain(mask),
                  "b": plain(b), "c": plain(c), "rows": plain(rows),
                  "relativeError": float(np.sqrt(np.sum(np.square(residuals)) / np.sum(np.square(x) * mask)))}))
