"""What slicetca's loss can be brought to on a given tensor, by PyTorch's L-BFGS in float64: slice-tca.json.

PYTHONPATH must name a checkout of slicetca (its PartitionTCA builds the model); errors are relative, of the best of
several seeds.
"""

import json
import pathlib

import numpy as np
import torch
from slicetca.core.decompositions import SliceTCA

torch.set_default_dtype(torch.float64)
SHAPE, RANKS = (7, 8, 9), (2, 1, 1)
rng = np.random.default_rng(3)
x = 0.5 * rng.standard_normal(SHAPE)
for _ in range(RANKS[0]):
    x += np.einsum("i,jk->ijk", rng.standard_normal(SHAPE[0]), rng.standard_normal(SHAPE[1:]))
x += np.einsum("j,ik->ijk", rng.standard_normal(SHAPE[1]), rng.standard_normal((SHAPE[0], SHAPE[2])))
x += np.einsum("k,ij->ijk", rng.standard_normal(SHAPE[2]), rng.standard_normal(SHAPE[:2]))
x = x.round(6)
target = torch.tensor(x)
errors = []
for seed in range(6):
    torch.manual_seed(seed)
    model = SliceTCA(dimensions=SHAPE, ranks=RANKS, initialization="normal")
    steps = torch.optim.LBFGS(
        model.parameters(), max_iter=4000, tolerance_grad=1e-11, tolerance_change=1e-15, line_search_fn="strong_wolfe"
    )

    def loss():
        steps.zero_grad()
        value = torch.mean((target - model.construct()) ** 2)
        value.backward()
        return value

    steps.step(loss)
    errors.append(float(torch.sqrt(torch.sum((target - model.construct()) ** 2) / torch.sum(target**2))))
made = {"by": "slice_tca.py", "torch": torch.__version__, "ranks": RANKS, "errors": errors}
made["x"] = {"shape": list(SHAPE), "data": x.ravel().tolist()}
path = pathlib.Path(__file__).with_name("slice-tca.json")
path.write_text(json.dumps(made, separators=(",", ":")) + "\n")
print(errors)
