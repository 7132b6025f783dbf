"""
Values of elementary functions by mpmath at 1 500 bits, as hexadecimal doubles: arguments, the correctly rounded value, and
what the value has beyond it. Run with Python 3 and mpmath; prints JSON.
"""
import json, random, struct, sys
import mpmath as mp

mp.mp.prec = 1500
random.seed(20)
hexed = lambda x: struct.pack(">d", x).hex()
rounded = lambda value: float(mp.mpf(value))  # mpmath rounds to nearest


def wide(low, high, count=60):
    return [random.choice([-1, 1] if low < 0 else [1]) * 10 ** random.uniform(-12, mp.log10(high) if low >= 0 else float(mp.log10(max(abs(low), high)))) for _ in range(count)]


uniform = lambda low, high, count=120: [random.uniform(low, high) for _ in range(count)]
big = [1e6, 1647098.5, 1647099.5, 1e9, 1e15, 2.0**53, 1e22, 6381956970095103 * 2.0**797, 1e300, 1.7e308, 33.0, 355.0, 103993.0]
half = [k * 1.5707963267948966 for k in range(1, 40)]
cases = {
    "exp": (mp.exp, uniform(-745, 709.7) + uniform(-1, 1) + [1e-20, -1e-20, 709.78, -708.5, -744.9, 0.34657359027997264, -0.34657359027997270]),
    "expm1": (mp.expm1, uniform(-40, 709) + uniform(-1.5, 1.5, 200) + [1e-20, -1e-10, 1e-300]),
    "log": (mp.log, [10 ** random.uniform(-308, 308) for _ in range(120)] + uniform(0.5, 2, 200) + [5e-324, 1e-310, 1.7e308, 1 - 2**-53, 1 + 2**-52]),
    "log1p": (mp.log1p, uniform(-0.999, 3, 200) + [10 ** random.uniform(-18, 300) for _ in range(80)] + [-(10 ** random.uniform(-18, -0.01)) for _ in range(80)]),
    "atanh": (mp.atanh, uniform(-1, 1, 200) + [random.choice([-1, 1]) * 10 ** random.uniform(-18, -1) for _ in range(80)] + [1 - 2**-53, -1 + 2**-53]),
    "sin": (mp.sin, uniform(-10, 10) + uniform(-1e5, 1e5) + big + half),
    "cos": (mp.cos, uniform(-10, 10) + uniform(-1e5, 1e5) + big + half),
    "tan": (mp.tan, uniform(-10, 10, 200) + uniform(-1e5, 1e5) + big + half),
    "asin": (mp.asin, uniform(-1, 1, 200) + [1e-9, 1 - 2**-53, -1.0, 1.0, 0.5, 0.975]),
    "acos": (mp.acos, uniform(-1, 1, 200) + [1e-9, 1 - 2**-53, -1.0, 0.5, -0.5]),
}


def row(value, *arguments):
    return [*map(hexed, arguments), hexed(rounded(value)), hexed(rounded(value - rounded(value)))]


out = {name: [row(f(mp.mpf(x)), x) for x in xs] for name, (f, xs) in cases.items()}
pairs = [(10 ** random.uniform(-300, 300), random.uniform(-1, 1)) for _ in range(150)]
pairs += [(random.uniform(0.5, 2), random.uniform(-900, 900)) for _ in range(150)]
pairs += [(random.uniform(1, 1.001), random.uniform(-1e5, 1e5)) for _ in range(80)]
pairs += [(float(random.randint(1, 60)), float(random.randint(-30, 30))) for _ in range(80)] + [(5e-324, 0.3), (1.7e308, -1.02), (1.0000000001, 1e12)]
out["pow"] = [row(mp.power(mp.mpf(x), mp.mpf(y)), x, y) for x, y in pairs]
json.dump({"made by": f"mpmath {mp.__version__}, Python {sys.version.split()[0]}", **out}, sys.stdout)
