"""Makes npy.json: small .npy and .npz files as NumPy and others write them (base64), and what NumPy reads back.

Run: python3 npy.py > npy.json
"""
import base64, io, json, platform, struct, warnings, zipfile, zlib
import numpy as np

warnings.simplefilter("ignore")

def text(x):
    "Numbers as text, so that NaN, infinities and -0 survive JSON; strings as they are; dates as their numbers."
    if x.dtype.kind in "US":
        data = [v.decode() if isinstance(v, bytes) else str(v) for v in x.ravel(order="C")]
    elif x.dtype.kind in "mM":
        data = ["nan" if np.isnat(v) else repr(float(v.astype("i8"))) for v in x.ravel(order="C")]
    else:
        data = [repr(float(v)) for v in x.ravel(order="C")]
    return {"shape": list(x.shape), "data": data, "dtype": x.dtype.str}

def npy(x, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, x, version=version, allow_pickle=True)
    return base64.b64encode(out.getvalue()).decode()

def raw(header, data=b"", version=b"\x01\x00"):
    "An .npy file of any header."
    head = header.encode("latin1")
    size = struct.pack("<H" if version == b"\x01\x00" else "<I", len(head))
    return b"\x93NUMPY" + version + size + head + data

def npz(save, **arrays):
    out = io.BytesIO()
    save(out, **arrays)
    return out.getvalue()

def b64(data):
    return base64.b64encode(data).decode()

inf, nan = np.inf, np.nan
good = {
    "f8": np.array([[0.1, -0.0, 5e-324], [nan, inf, -1.7976931348623157e308]]),
    "f4": np.array([0.1, -0.0, 1e-45, nan, -inf, 3.4e38], "<f4"),
    "f2": np.array([0.1, -0.0, 6e-8, 6.1e-5, nan, -inf, 65504, -1.5], "<f2"),
    "i1": np.array([-128, 127, 0], "i1"), "u1": np.array([0, 200, 255], "u1"),
    "i2": np.array([-32768, 32767, -2], "<i2"), "u2": np.array([65535, 258], "<u2"),
    "i4": np.array([-2147483648, 2147483647, -3], "<i4"), "u4": np.array([4294967295, 16909060], "<u4"),
    "i8": np.array([-(2**53 - 1), 2**53 - 1, -1, 0, -4294967296], "<i8"), "u8": np.array([2**53 - 1, 4294967297], "<u8"),
    "i8, large and exact": np.array([2**60, -2**63, 3 * 2**55], "<i8"), "u8, large and exact": np.array([2**63], "<u8"),
    "bool": np.array([[True, False], [False, True]]),
    "scalar": np.array(2.5), "empty": np.zeros((0, 3)), "one": np.array([7.0]),
    "fortran 2-D": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "fortran 4-D, i2": np.asfortranarray(np.arange(2 * 3 * 4 * 2, dtype="<i2").reshape(2, 3, 4, 2)),
    "fortran empty": np.asfortranarray(np.zeros((2, 0, 3))),
    "fortran 3-D, big-endian": np.asfortranarray(np.arange(24, dtype=">f4").reshape(2, 3, 4)),
    "fortran text": np.asfortranarray(np.array([["a", "b", "c"], ["d", "e", "f"]])),
    "text": np.array(["left", "", "né 🐒", "a\0b"]), "text, big-endian": np.array(["links", "rechts"], ">U6"),
    "bytes": np.array([b"left", b"right", "né".encode()]), "text of no width": np.zeros(3, "U0"), "no text": np.array([], "U4"),
    "date": np.array(["2023-12-10", "1969-12-31", "NaT"], "datetime64[D]"), "date, ns": np.array(["2020-01-01"], "datetime64[ns]"),
    "date, big-endian": np.array(["2020-01-01T12:30"], ">M8[m]"), "date, 25 s": np.array([3, -1], "M8[25s]"),
    "duration": np.array([5, -7, "NaT"], "timedelta64[ms]"), "duration of no unit": np.array([5], "timedelta64"),
}
for dtype in "i2 u2 i4 u4 i8 u8 f2 f4 f8".split():
    good[f"big-endian {dtype}"] = np.array([1, 2, 250, 3], f">{dtype}")
cases = {name: {"npy": npy(x), "want": text(x)} for name, x in good.items()}
x = np.arange(6.0).reshape(2, 3) / 7
cases["version 2.0"] = {"npy": npy(x, (2, 0)), "want": text(x)}
cases["version 3.0"] = {"npy": npy(x, (3, 0)), "want": text(x)}

# Headers that NumPy does not write and does read, or the other way round: every text here is loaded by NumPy.
six = np.arange(6.0).tobytes()
headers = {
    "keys in another order": "{'shape': (2, 3), 'descr': '<f8', 'fortran_order': False}",
    "double quotes and no blanks": '{"descr":"<f8","fortran_order":False,"shape":(2,3)}',
    "sizes as Python 2 wrote them": "{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 3L), }",
    "a text of Python 2": "{'descr': u'<f8', 'fortran_order': False, 'shape': (6,), }\n",
    "a size of 0 beside a huge one": "{'descr': '<f8', 'fortran_order': False, 'shape': (1099511627776, 0), }",
    "a negative shape": "{'descr': '<f8', 'fortran_order': False, 'shape': (-2, -3), }",
    "a shape that is a number": "{'descr': '<f8', 'fortran_order': False, 'shape': 6, }",
    "a shape in brackets": "{'descr': '<f8', 'fortran_order': False, 'shape': [6], }",
    "a shape with a fraction": "{'descr': '<f8', 'fortran_order': False, 'shape': (2.0, 3), }",
    "a key too many": "{'descr': '<f8', 'fortran_order': False, 'shape': (6,), 'x': 1}",
    "a key too few": "{'descr': '<f8', 'fortran_order': False}",
    "an order that is a number": "{'descr': '<f8', 'fortran_order': 0, 'shape': (6,), }",
    "no dictionary": "('<f8', False, (6,))",
    "a missing comma": "{'descr': '<f8' 'fortran_order': False, 'shape': (6,), }",
    "a header of 10 000 bytes": "{'descr': '<f8', 'fortran_order': False, 'shape': (6,), }".ljust(10000),
    "a header of 10 001 bytes": "{'descr': '<f8', 'fortran_order': False, 'shape': (6,), }".ljust(10001),
    "more text after it": "{'descr': '<f8', 'fortran_order': False, 'shape': (6,), } x",
    "sizes without end": "{'descr': '<f8', 'fortran_order': False, 'shape': (1," + " " * 65000,
}
def loads(data):
    try:
        x = np.load(io.BytesIO(data))
        return text(x)
    except Exception as error:
        return type(error).__name__
header_cases = {}
for name, header in headers.items():
    data = raw(header, b"" if "huge" in name else six)
    header_cases[name] = {"header": header.rstrip(" "), "length": len(header), "data": 0 if "huge" in name else 48, "numpy": loads(data)}

refused = {
    "object": np.array([1, "a", None], dtype=object), "ragged": np.array([np.zeros(2), np.zeros(3)], dtype=object),
    "complex": np.array([1 + 2j]), "complex, big-endian": np.array([1 + 2j], ">c8"),
    "structured": np.array([(1, 2.0)], dtype=[("trial", "<i4"), ("rate", "<f8")]),
    "structured in a structure": np.array([(1, (2.0, 3))], dtype=[("a", "<i4"), ("b", [("c", "<f8"), ("d", "<u2")])]),
    "void": np.array([b"ab"], "V2"),
    "i8 beyond": np.array([1, 2**53 + 1], "<i8"), "u8 beyond": np.array([2**64 - 1], "<u8"), "long double": np.array([1], np.longdouble),
    "date beyond": np.array([2**60 + 1], "M8[ns]"), "bytes that are no UTF-8": np.array([b"\xff\xfe"]),
}

# Every spelling of a type that numpy.dtype takes, and some that it does not.
bodies = """? b B h H i I l L q Q p P e f d g F D G O S U V c M m b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8 f3 f16 c8 c16 i16 b8 b2 U0 U5 S5 a5 V8 O8
M8 m8 m4 M8[ns] m8[ms] M8[25s] M8[D] M8[W] M8[h] M8[m] M8[M] M8[Y] M8[us] M8[ps] M8[fs] M8[as] M8[generic] M8[] M8[x] M8[ns f08 U05 x X8 <f8
bool bool_ bool8 int8 byte uint8 ubyte int16 short uint16 ushort int32 intc uint32 uintc int64 int int_ int0 intp longlong uint64 uint uint0 uintp ulonglong
float16 half float32 single float64 double float float_ longdouble complex64 complex128 complex csingle cdouble object object_ str str_ bytes bytes_
unicode unicode_ string_ void datetime64 timedelta64 datetime64[ns] timedelta64[s] string Float64 FLOAT64 int128 float8 Int32 i4,f8 (2,)f4""".split()
def spelled(spelling):
    try:
        dtype = np.dtype(spelling)
        return "records" if dtype.names or dtype.subdtype else dtype.str
    except Exception:
        return None
spellings = {order + body: spelled(order + body) for order in ["", "<", ">", "|", "="] for body in bodies}

named = {"latents": (np.arange(24, dtype="<f4") / 4 - 2).reshape(2, 3, 4), "block": np.array([0, 1], "u1"), "temps_moyen_é": np.array([1.5, nan])}
mixed = dict(rates=x, labels=np.array(["a", "b"]), records=refused["structured"], pickled=refused["object"])

def zipped(files, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files.items():
            z.writestr(name, data, **options)
    return out.getvalue()

def streamed(files):
    "A zip whose sizes follow the content (flag bit 3), as writers to a pipe make them."
    class Pipe(io.RawIOBase):
        def __init__(self): self.data = b""
        def writable(self): return True
        def write(self, data): self.data += bytes(data); return len(data)
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files.items():
            z.writestr(name, data)
    return pipe.data

one = base64.b64decode(npy(x))
apple = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        "
def entry(name, data, directory_name=None, crc=None, size=None, flags=0, at=0):
    "A stored file: its own header and content, and its record in the directory."
    crc = zlib.crc32(data) if crc is None else crc
    size = len(data) if size is None else size
    local = struct.pack("<IHHHIIIIHH", 0x04034b50, 20, flags, 0, 0x00210000, crc, size, size, len(name), 0) + name + data
    other = directory_name or name
    record = struct.pack("<IHHHHIIIIHHHHHII", 0x02014b50, 20, 20, flags, 0, 0x00210000, crc, size, size, len(other), 0, 0, 0, 0, 0, at) + other
    return local, record
def closed(locals_, records):
    body, directory = b"".join(locals_), b"".join(records)
    return body + directory + struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, len(records), len(records), len(directory), len(body), 0)
cp437 = "té.npy".encode("cp437")
forms = {
    "members without .npy": zipped({"a": one}), "a folder, notes and the Finder's files": zipped({"sub/": b"", "sub/a.npy": one, "__MACOSX/sub/._a.npy": apple, "notes.txt": b"hello"}),
    "sizes after the content": streamed({"a.npy": one}), "bzip2": zipped({"a.npy": one}, compress_type=zipfile.ZIP_BZIP2),
    "a name in code page 437": closed(*([v] for v in entry(cp437, one))),
    "a comment at the end": (lambda data: data[:-2] + struct.pack("<H", 5) + b"hello")(zipped({"a.npy": one})),
    "a checksum that fails": closed(*([v] for v in entry(b"a.npy", one, crc=7))),
    "another name in the file": closed(*([v] for v in entry(b"a.npy", one, directory_name=b"b.npy"))),
}
local, record = entry(b"a.npy", one)
forms["two records of one file"] = closed([local], [record, record.replace(b"a.npy", b"b.npy")])
def closed64(marked):
    "The same zip with Zip64 end records, its plain end record marked as too small, or holding the same numbers."
    body, directory = local, record
    end64 = struct.pack("<IQHHIIQQQQ", 0x06064b50, 44, 45, 45, 0, 0, 1, 1, len(directory), len(body))
    locator = struct.pack("<IIQI", 0x07064b50, 0, len(body) + len(directory), 1)
    small = (0xffff, 0xffff, 0xffffffff, 0xffffffff) if marked else (1, 1, len(directory), len(body))
    return body + directory + end64 + locator + struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, *small, 0)
forms["Zip64 end records"], forms["Zip64 end records that repeat the plain one"] = closed64(True), closed64(False)
extra = struct.pack("<HHQQ", 1, 16, len(one), len(one))
forms["sizes in Zip64 extra fields"] = closed(
    [struct.pack("<IHHHIIIIHH", 0x04034b50, 45, 0, 0, 0x00210000, zlib.crc32(one), 0xffffffff, 0xffffffff, 5, 20) + b"a.npy" + extra + one],
    [struct.pack("<IHHHHIIIIHHHHHII", 0x02014b50, 45, 45, 0, 0, 0x00210000, zlib.crc32(one), 0xffffffff, 0xffffffff, 5, 20, 0, 0, 0, 0, 0) + b"a.npy" + extra])
forms["two names that end up one"] = zipped({"a": one, "a.npy": one})
def read_npz(data):
    "What NumPy reads of each member, or the kind of its error."
    try:
        file = np.load(io.BytesIO(data))
    except Exception as error:
        return type(error).__name__
    out = {}
    for name in file.files:
        try:
            member = file[name]
            out[name] = text(member) if isinstance(member, np.ndarray) else "bytes"
        except Exception as error:
            out[name] = type(error).__name__
    return out

with_text = zipped({"notes.txt": b"no array"})
print(json.dumps({
    "description": "npy and npz files in base64; `want` is what numpy reads, in row-major order, numbers as text. Made by npy.py.",
    "versions": {"numpy": np.__version__, "python": platform.python_version()},
    "cases": cases,
    "headers": header_cases,
    "spellings": " ".join(f"{spelling}~{dtype}" for spelling, dtype in spellings.items()),
    "refused": {name: npy(x) for name, x in refused.items()},
    "npz": {"stored": b64(npz(np.savez, **named)), "deflated": b64(npz(np.savez_compressed, **named)), "mixed": b64(npz(np.savez, **mixed))},
    "npz_want": {name: text(x) for name, x in named.items()},
    "forms": {name: {"npz": b64(data), "numpy": read_npz(data)} for name, data in forms.items()},
    "no_arrays": b64(with_text),
}, indent=1))
