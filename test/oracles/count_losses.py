"""Losses on spike counts: minus scipy's log probabilities, less what no parameter moves, and their derivatives in the
output by mpmath with 40 digits. Run with Debian's Python, mpmath and scipy; prints JSON."""
import json
import mpmath, scipy
from scipy.special import gammaln
from scipy.stats import nbinom, poisson

mpmath.mp.dps = 40


def mean(z, width, link):
    z, width = mpmath.mpf(z), mpmath.mpf(width)
    return width * (mpmath.exp(z) if link == "exp" else mpmath.log1p(mpmath.exp(z)))


def exact(z, n, width, link, s):
    m = mean(z, width, link)
    if s == 0:
        return m - n * mpmath.log(m)
    s = mpmath.mpf(s)
    return (n + 1 / s) * mpmath.log1p(s * m) - n * mpmath.log(m)


def by_scipy(z, n, width, link, s):
    m = float(mean(z, width, link))
    if s == 0:
        return -poisson.logpmf(n, m) - gammaln(n + 1)
    r = 1 / s
    constant = gammaln(n + r) - gammaln(r) - gammaln(n + 1) - n * float(mpmath.log(r))
    return -nbinom.logpmf(n, r, 1 / (1 + s * m)) + constant


cases = []
for link in ["softplus", "exp"]:
    for width in [1.0, 0.02]:
        for s in [0.0, 0.01, 0.5, 4.0]:
            for z in [-30.0, -3.0, -0.2, 0.0, 0.7, 4.0, 9.0]:
                for n in [0, 1, 2, 17]:
                    value, slope = exact(z, n, width, link, s), mpmath.diff(lambda x: exact(x, n, width, link, s), mpmath.mpf(z))
                    # scipy is given 1 / (1 + s m), which rounds s m away where it is small
                    known = s == 0 or s * mean(z, width, link) > 1e-4
                    theirs = float(by_scipy(z, n, width, link, s)) if known else None
                    assert theirs is None or abs(theirs - value) <= 1e-9 * max(1, abs(value)), (link, width, s, z, n, theirs, value)
                    cases.append({"link": link, "binWidth": width, "dispersion": s, "z": z, "count": n, "loss": float(value), "slope": float(slope), "scipy": theirs})

print(json.dumps({"versions": {"mpmath": mpmath.__version__, "scipy": scipy.__version__}, "cases": cases}))
