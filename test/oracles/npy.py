"""Makes npy.json: small .npy and .npz files as numpy writes them (base64), and what numpy reads back. Run: python3 npy.py > npy.json"""
import base64, io, json, platform, zipfile
import numpy as np

def text(x):
    "Every number as text, so that NaN, infinities and -0 survive JSON."
    return {"shape": list(x.shape), "data": [repr(float(v)) for v in x.ravel(order="C")]}

def npy(x, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, x, version=version, allow_pickle=True)
    return base64.b64encode(out.getvalue()).decode()

def npz(save, **arrays):
    out = io.BytesIO()
    save(out, **arrays)
    return base64.b64encode(out.getvalue()).decode()

inf, nan = np.inf, np.nan
good = {
    "f8": np.array([[0.1, -0.0, 5e-324], [nan, inf, -1.7976931348623157e308]]),
    "f4": np.array([0.1, -0.0, 1e-45, nan, -inf, 3.4e38], "<f4"),
    "f2": np.array([0.1, -0.0, 6e-8, 6.1e-5, nan, -inf, 65504, -1.5], "<f2"),
    "i1": np.array([-128, 127, 0], "i1"), "u1": np.array([0, 200, 255], "u1"),
    "i2": np.array([-32768, 32767, -2], "<i2"), "u2": np.array([65535, 258], "<u2"),
    "i4": np.array([-2147483648, 2147483647, -3], "<i4"), "u4": np.array([4294967295, 16909060], "<u4"),
    "i8": np.array([-(2**53 - 1), 2**53 - 1, -1, 0, -4294967296], "<i8"), "u8": np.array([2**53 - 1, 4294967297], "<u8"),
    "bool": np.array([[True, False], [False, True]]),
    "scalar": np.array(2.5), "empty": np.zeros((0, 3)), "one": np.array([7.0]),
    "fortran 2-D": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "fortran 4-D, i2": np.asfortranarray(np.arange(2 * 3 * 4 * 2, dtype="<i2").reshape(2, 3, 4, 2)),
    "fortran empty": np.asfortranarray(np.zeros((2, 0, 3))),
}
cases = {name: {"npy": npy(x), "want": text(x)} for name, x in good.items()}
x = np.arange(6.0).reshape(2, 3) / 7
cases["version 2.0"] = {"npy": npy(x, (2, 0)), "want": text(x)}
cases["version 3.0"] = {"npy": npy(x, (3, 0)), "want": text(x)}

refused = {
    "object": np.array([1, "a", None], dtype=object), "ragged": np.array([np.zeros(2), np.zeros(3)], dtype=object),
    "big-endian": np.array([1.0, 2.0], ">f8"), "big-endian i2": np.array([1, 2], ">i2"), "complex": np.array([1 + 2j]), "text": np.array(["left", "right"]), "bytes": np.array([b"left"]),
    "structured": np.array([(1, 2.0)], dtype=[("trial", "<i4"), ("rate", "<f8")]), "date": np.array(["2023-12-10"], "datetime64[D]"), "duration": np.array([5], "timedelta64[ms]"),
    "i8 beyond": np.array([1, 2**53 + 1], "<i8"), "u8 beyond": np.array([2**64 - 1], "<u8"), "long double": np.array([1], np.longdouble),
}
named = {"latents": (np.arange(24, dtype="<f4") / 4 - 2).reshape(2, 3, 4), "block": np.array([0, 1], "u1"), "temps_moyen_é": np.array([1.5, nan])}
with_text = io.BytesIO()
with zipfile.ZipFile(with_text, "w") as z:
    z.writestr("notes.txt", "no array")
print(json.dumps({
    "description": "npy and npz files in base64; `want` is what numpy reads, in row-major order, numbers as text. Made by npy.py.",
    "versions": {"numpy": np.__version__, "python": platform.python_version()},
    "cases": cases,
    "refused": {name: npy(x) for name, x in refused.items()},
    "npz": {"stored": npz(np.savez, **named), "deflated": npz(np.savez_compressed, **named), "mixed": npz(np.savez, rates=x, labels=np.array(["a", "b"]), records=refused["structured"], pickled=refused["object"])},
    "npz_want": {name: text(x) for name, x in named.items()},
    "no_arrays": base64.b64encode(with_text.getvalue()).decode(),
}, indent=1))
