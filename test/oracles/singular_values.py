"""Singular values and eigenvalues by LAPACK (gesvd, and eigvalsh of the symmetric part) of matrices that test/support/matrices.ts makes too. Run with Debian's Python, numpy and scipy; prints JSON."""
import json, sys
import numpy, scipy, scipy.linalg


def stream(seed):
    state = seed
    while True:
        state = (state * 1103515245 + 12345) % 2147483648
        yield state / 2147483648 - 0.5


def power(x, n):
    p = 1.0
    for _ in range(n):
        p *= x
    return p


kinds = {
    "random": lambda i, j, m, n, r: next(r),
    "constant": lambda i, j, m, n, r: 0.3,
    "ones": lambda i, j, m, n, r: 1.0,
    "zero": lambda i, j, m, n, r: 0.0,
    "blocks": lambda i, j, m, n, r: (1.0 if 2 * j < n else -4.0) if 2 * i < m else (1.25 if 2 * j < n else -3.5),
    "tiled": lambda i, j, m, n, r: (i % 3) * 2 - (j % 2) + 0.5,
    "identity": lambda i, j, m, n, r: 1.0 if i == j else 0.0,
    "permutation": lambda i, j, m, n, r: 1.0 if (i + 1) % m == j else 0.0,
    "hilbert": lambda i, j, m, n, r: 1 / (i + j + 1),
    "kahan": lambda i, j, m, n, r: 1 / (1 + i) if i == j else -0.5 / (1 + i) if i < j else 0.0,
    "graded rows": lambda i, j, m, n, r: next(r) / 10.0 ** (2 * i),
    "graded columns": lambda i, j, m, n, r: next(r) / 10.0 ** (2 * j),
    "graded both": lambda i, j, m, n, r: next(r) / 10.0 ** (i + j),
    "large 1e150": lambda i, j, m, n, r: next(r) * 1e150,
    "small 1e-150": lambda i, j, m, n, r: next(r) * 1e-150,
    "huge 1e300": lambda i, j, m, n, r: next(r) * 1e300,
    "tiny 1e-300": lambda i, j, m, n, r: next(r) * 1e-300,
    "rank one": lambda i, j, m, n, r: (i + 1) * (j - 1.5),
    "rank two": lambda i, j, m, n, r: (i + 1) * (j - 1.5) + (i % 2) * (j % 3),
    "duplicated rows": lambda i, j, m, n, r: ((i // 2) * 7 + j * 5) % 11 - 4,
    "duplicated columns": lambda i, j, m, n, r: ((j // 2) * 7 + i * 5) % 11 - 4,
    "zero column": lambda i, j, m, n, r: 0 * next(r) if j == 1 else next(r),
    "zero row": lambda i, j, m, n, r: 0 * next(r) if i == 1 else next(r),
    "one-hot": lambda i, j, m, n, r: 1.0 if (i * 3 + i % 5) % n == j else 0.0,
    "one-hot beside a large column": lambda i, j, m, n, r: 372.07 - 10 * (i % 4) if j == 0 else 1.0 if (i * 3) % n == j else 0.0,
    "banded": lambda i, j, m, n, r: 2 - 3 * abs(i - j) if abs(i - j) <= 1 else 0.0,
    "bidiagonal": lambda i, j, m, n, r: 1.0 if i == j or i + 1 == j else 0.0,
    "nilpotent": lambda i, j, m, n, r: 1.0 if i + 1 == j else 0.0,
    "toeplitz": lambda i, j, m, n, r: 1 / (1 + abs(i - j)),
    "vandermonde": lambda i, j, m, n, r: power((i + 1) / m, j),
    "sparse": lambda i, j, m, n, r: next(r) if (i * 5 + j * 3) % 7 == 0 else 0 * next(r),
    "tiny beside huge": lambda i, j, m, n, r: next(r) * (1e120 if (i + j) % 2 == 0 else 1e-120),
    "symmetric": lambda i, j, m, n, r: (i * j + i + j) % 13 - 6,
    "rank deficient": lambda i, j, m, n, r: (i % 4) * (j % 3) + i % 2 - j % 5,
}
sizes = [(1, 1), (1, 6), (7, 1), (2, 2), (3, 5), (5, 3), (8, 8), (9, 4), (4, 10), (16, 16), (12, 7), (6, 13), (24, 24), (40, 9), (8, 44), (30, 30)]


def matrix(kind, rows, columns, seed):
    r, f = stream(seed), kinds[kind]
    return numpy.array([[float(f(i, j, rows, columns, r)) for j in range(columns)] for i in range(rows)])


def scaled(a):
    """LAPACK on entries near 1, and the unit: exact powers of two."""
    top = numpy.abs(a).max()
    k = 0 if top == 0 else int(numpy.floor(numpy.log2(top)))
    return numpy.ldexp(numpy.ldexp(a, -k // 2), -k - (-k // 2)), k


if __name__ == "__main__":
    rows_out = []
    for repeat in range(10):
        for kind in kinds:
            for m, n in sizes:
                seed = 1 + repeat * 1000 + m * 31 + n
                if repeat > 0 and "next" not in kinds[kind].__code__.co_names:
                    continue  # without random numbers once is enough
                a, k = scaled(matrix(kind, m, n, seed))
                s = scipy.linalg.svd(a, compute_uv=False, lapack_driver="gesvd")
                row = [kind, m, n, seed, k, [float("%.17g" % x) for x in s]]
                if m == n:
                    row.append([float("%.17g" % x) for x in scipy.linalg.eigvalsh((a + a.T) / 2)[::-1]])
                rows_out.append(row)
    json.dump({"made by": f"scipy {scipy.__version__}, numpy {numpy.__version__}, Python {sys.version.split()[0]}", "rows": rows_out}, sys.stdout, separators=(",", ":"))
