"""Eigenvalues of matrices that are not symmetric, to 120 digits by mpmath, rounded, with what rounding may move each by, and how far LAPACK's (geev) are off. Run with Debian's Python, numpy, scipy and mpmath, in this folder; prints JSON.

Allowed is c n 2^-52 times the size of the matrix and the condition of the eigenvalue, 1 / |w' v| for unit left and right vectors; where an eigenvalue is defective or nearly so, the m-th root of c n 2^-52 times the size, m the size of the largest cluster (Elsner 1985, An optimal bound for the spectral variation of two matrices)."""
import json, sys
import mpmath, numpy, scipy.linalg, scipy.optimize
from singular_values import kinds, matrix

mpmath.mp.dps = 120
slack = 20


def exact(a):
    """Eigenvalues and their condition numbers, largest real part first."""
    n = len(a)
    values, left, right = mpmath.eig(mpmath.matrix(a.tolist()), left=True, right=True)
    conditions = []
    for k in range(n):
        v = [right[i, k] for i in range(n)]
        w = [left[k, i] for i in range(n)]
        inner = abs(sum(x * y for x, y in zip(w, v)))
        lengths = mpmath.sqrt(sum(abs(x) ** 2 for x in v)) * mpmath.sqrt(sum(abs(x) ** 2 for x in w))
        conditions.append(mpmath.inf if inner < lengths * mpmath.mpf(10) ** -9 else lengths / inner)
    return values, conditions


def spectrum(name, a, keep, cluster=1):
    n = len(a)
    a = numpy.array(a, dtype=float).reshape(n, n)
    top = numpy.abs(a).max()
    unit = 2.0 ** numpy.floor(numpy.log2(top)) if top > 0 else 1.0
    values, conditions = exact(a / unit)
    size = float(numpy.linalg.norm(a / unit))
    eps = 2.0**-52
    rounded = size * (slack * n * eps) ** (1 / cluster)
    allowed = [
        min(size, max(rounded if c > 1e9 else slack * n * eps * size * float(c), 1e-300)) for c in conditions
    ]
    lapack = scipy.linalg.eigvals(a / unit)
    cost = numpy.array([[abs(complex(v) - w) for w in lapack] for v in values])
    rows, columns = scipy.optimize.linear_sum_assignment(cost)
    row = {
        "name": name, "n": n, "unit": unit,
        "real": [float(mpmath.nstr(mpmath.re(v), 17)) for v in values],
        "imaginary": [float(mpmath.nstr(mpmath.im(v), 17)) for v in values],
        "allowed": allowed, "lapack": float(cost[rows, columns].max()) if n else 0.0,
    }
    if keep:
        row["data"] = [float("%.17g" % x) for x in a.ravel()]
    return row


def orthogonal(n, r):
    return numpy.linalg.qr(r.normal(size=(n, n)))[0]


def jordan(value, n):
    return value * numpy.eye(n) + numpy.diag(numpy.ones(n - 1), 1)


def companion(roots):
    return scipy.linalg.companion(numpy.poly(roots))


def block(*parts):
    return scipy.linalg.block_diag(*parts)


r = numpy.random.default_rng(1)
turn = lambda a, b: numpy.array([[a, b], [-b, a]])
cases = [("random", r.normal(size=(n, n)), 1) for n in (1, 2, 2, 3, 3, 4, 5, 7, 9, 12, 16, 24)]
cases += [("zero", numpy.zeros((n, n)), n) for n in (1, 2, 5)]
cases += [("Jordan", jordan(0.5, n), n) for n in (2, 5, 9)]
for n in (2, 3, 5, 8):
    q = orthogonal(n, r)
    cases.append(("turned Jordan", q @ jordan(0.5, n) @ q.T, n))
q = orthogonal(7, r)
cases += [
    ("two Jordan blocks of one value", q @ block(jordan(2, 4), jordan(2, 3)) @ q.T, 4),
    ("Jordan beside others", q @ block(jordan(1, 3), turn(0.3, 0.7), -1, 4) @ q.T, 3),
    ("equal complex pairs", q @ block(turn(0.3, 0.7), turn(0.3, 0.7), turn(0.3, 0.7), 1) @ q.T, 2),
    ("defective complex pair", numpy.block([[turn(0.3, 0.7), numpy.eye(2)], [numpy.zeros((2, 2)), turn(0.3, 0.7)]]), 2),
    ("companion of Wilkinson's polynomial", companion(range(1, 11)), 1),
    ("companion of roots of unity", companion(numpy.exp(2j * numpy.pi * numpy.arange(7) / 7)).real, 1),
    ("companion of a fivefold root", companion([1] * 5), 5),
    ("companion of graded roots", companion([1e4, 1e2, 1, 1e-2, 1e-4]), 1),
    ("Frank", numpy.array([[min(i, j) + 1 if j >= i - 1 else 0 for j in range(12)] for i in range(12)])[::-1, ::-1].T, 1),
    ("Grcar", numpy.array([[-1 if j == i - 1 else 1 if 0 <= j - i <= 3 else 0 for j in range(16)] for i in range(16)]), 1),
    ("triangular", numpy.triu(r.normal(size=(9, 9))), 1),
    ("permuted triangular", numpy.triu(r.normal(size=(8, 8)))[numpy.ix_([3, 1, 7, 0, 2, 6, 5, 4], [3, 1, 7, 0, 2, 6, 5, 4])], 1),
    ("cyclic permutation", numpy.roll(numpy.eye(8), 1, axis=0), 1),
    ("skew", (lambda a: a - a.T)(r.normal(size=(7, 7))), 1),
    ("orthogonal", orthogonal(9, r), 1),
    ("low rank", r.normal(size=(10, 2)) @ r.normal(size=(2, 10)), 2),
    ("badly scaled", (lambda d, a: d[:, None] * a / d)(10.0 ** numpy.arange(-4, 5), r.normal(size=(9, 9))), 1),
    ("graded", 10.0 ** -numpy.add.outer(numpy.arange(7), numpy.arange(7)) * r.normal(size=(7, 7)), 1),
    ("nearly defective", numpy.array([[1, 1e6], [1e-9, 1]]), 1),
    ("a pair that nearly meets", numpy.array([[1, 1], [-1e-14, 1]]), 2),
    ("stochastic", (lambda p: p / p.sum(axis=1, keepdims=True))(r.uniform(size=(8, 8))), 1),
    ("block triangular", numpy.block([[r.normal(size=(4, 4)), r.normal(size=(4, 5))], [numpy.zeros((5, 4)), r.normal(size=(5, 5))]]), 1),
    ("2^500", 2.0**500 * r.normal(size=(5, 5)), 1),
    ("2^-500", 2.0**-500 * r.normal(size=(5, 5)), 1),
]
rows = [spectrum(name, a, True, cluster) for name, a, cluster in cases]
clusters = {"nilpotent": 8, "bidiagonal": 8, "kahan": 8}
for kind in kinds:
    if kind in ("huge 1e300", "tiny 1e-300", "tiny beside huge"):
        continue  # mpmath's own iteration does not settle there
    for n in (2, 5, 8):
        rows.append({**spectrum(kind, matrix(kind, n, n, 7 + n), False, min(n, clusters.get(kind, 3))), "seed": 7 + n})
json.dump({"made by": f"mpmath {mpmath.__version__}, scipy {scipy.__version__}, numpy {numpy.__version__}, Python {sys.version.split()[0]}", "rows": rows}, sys.stdout, separators=(",", ":"))
