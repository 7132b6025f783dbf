"""How decompositions compare, by TLViz 0.1.7 and TensorLy 0.9: comparison.json.

PYTHONPATH must name checkouts of both. TLViz is loaded as it is; pandas, xarray and its plotting are stood in for, since
nothing that is called here needs them.
"""

import json
import pathlib
import sys
import types
from unittest.mock import MagicMock

import numpy as np

for name in ["matplotlib", "matplotlib.pyplot", "statsmodels", "statsmodels.api", "sklearn", "sklearn.decomposition"]:
    sys.modules.setdefault(name, MagicMock())
pandas, xarray = types.ModuleType("pandas"), types.ModuleType("xarray")
pandas.DataFrame = type("DataFrame", (), {})
pandas.Series = type("Series", (), {})
xarray.DataArray = type("DataArray", (), {})
xarray.Dataset = type("Dataset", (), {})
sys.modules.update(pandas=pandas, xarray=xarray)
package = types.ModuleType("tlviz")
package.__path__ = [str(pathlib.Path(p) / "tlviz") for p in sys.path if (pathlib.Path(p) / "tlviz").is_dir()]
sys.modules["tlviz"] = package

from tensorly.metrics import correlation_index  # noqa: E402
from tlviz.factor_tools import factor_match_score  # noqa: E402
from tlviz.model_evaluation import core_consistency  # noqa: E402
from tlviz.outliers import compute_leverage, compute_slabwise_sse  # noqa: E402


def out(x):
    x = np.asarray(x, float)
    return {"shape": list(x.shape), "data": x.ravel().tolist()}


def cp(rng, shape, rank):
    return rng.standard_normal(rank).round(6), [rng.standard_normal((n, rank)).round(6) for n in shape]


def full(model):
    weights, (a, b, c) = model
    return np.einsum("r,ir,jr,kr->ijk", weights, a, b, c)


def scale_in_last(model):
    """The core depends on which factor carries the weights: TLViz takes the first, we the last."""
    weights, (a, b, c) = model
    return np.ones_like(weights), [a, b, c * weights]


cases = []
for seed, (shape, p, q) in enumerate([((5, 6, 4), 3, 3), ((4, 7, 5), 2, 4), ((6, 4, 5), 4, 2), ((8, 3, 6), 1, 3)]):
    rng = np.random.default_rng(seed)
    a, b = cp(rng, shape, p), cp(rng, shape, q)
    for r in range(min(p, q)):  # the first components nearly the same, in another order
        for f, g in zip(a[1], b[1]):
            g[:, q - 1 - r] = (2 * f[:, r] + 0.6 * rng.standard_normal(len(f))).round(6)
    positive = (np.abs(a[0]), a[1])
    x = (full(a) + 0.3 * rng.standard_normal(shape)).round(6)
    case = {
        "x": out(x),
        "a": {"weights": out(a[0]), "factors": [out(f) for f in a[1]]},
        "b": {"weights": out(b[0]), "factors": [out(f) for f in b[1]]},
        "match": factor_match_score(positive, (np.abs(b[0]), b[1]), consider_weights=False),
        "matchWithWeights": factor_match_score(positive, (np.abs(b[0]), b[1]), consider_weights=True),
        "matchSigned": factor_match_score(positive, (np.abs(b[0]), b[1]), consider_weights=False, absolute_value=False),
        "permutation": [
            int(s) if isinstance(s, (int, np.integer)) else None
            for s in factor_match_score(
                positive, (np.abs(b[0]), b[1]), consider_weights=False, return_permutation=True, allow_smaller_rank=True
            )[1]
        ],
        "coreConsistency": core_consistency(scale_in_last(a), x),
        "normalizedCoreConsistency": core_consistency(scale_in_last(a), x, normalised=True),
        "shares": [compute_slabwise_sse(full(a), x, normalise=True, mode=m).tolist() for m in range(3)],
        "squares": [compute_slabwise_sse(full(a), x, normalise=False, mode=m).tolist() for m in range(3)],
        "leverage": [compute_leverage(f).tolist() for f in a[1]],
        "correlationIndex": None
        if p != q
        else {
            ours: float(correlation_index(a[1], b[1], method=theirs))
            for ours, theirs in {"stacked": "stacked", "mean": "avg_score", "least": "min_score", "most": "max_score"}.items()
        },
    }
    cases.append(case)

pathlib.Path(__file__).with_suffix(".json").write_text(
    json.dumps({"by": "TLViz 0.1.7, TensorLy 0.9.0, numpy " + np.__version__, "cases": cases})
)
