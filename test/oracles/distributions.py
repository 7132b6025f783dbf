"""Places and quantiles of normal numbers and counts: distributions.json. Made with scipy 1.10."""
import json
from scipy.stats import nbinom, norm, poisson

shares = (0.01, 0.5, 0.99)
counts = []
for mean, dispersion in ((0.05, 0), (1.3, 0), (40.0, 0), (900.0, 0), (0.5, 0.5), (20.0, 2.0), (3.0, 100.0), (300.0, 1e4)):
    law = poisson(mean) if dispersion == 0 else nbinom(1 / dispersion, 1 / (1 + dispersion * mean))
    at = (0, 1, int(mean), int(3 * mean))
    counts.append({"mean": mean, "dispersion": dispersion, "at": at, "below": [law.cdf(n - 1) for n in at],
                   "upTo": [law.cdf(n) for n in at], "quantiles": [int(law.ppf(q)) for q in shares]})
z, p = (-5.5, -1.2, 0.3, 2.0, 6.0), (1e-9, 0.02, 0.5, 0.9, 0.999999)
print(json.dumps({"z": z, "places": list(norm.cdf(z)), "p": p, "quantiles": list(norm.ppf(p)), "shares": shares,
                  "counts": counts}, indent=2))
