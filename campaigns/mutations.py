"""Ways to damage a file: bytes, text, and the members of archives."""

import io
import random
import re
import struct
import zipfile
import zlib
from functools import cache

LONGEST = 1 << 20  # bytes: the limit of a second is for a megabyte, and grows with the length
# A file between two changes is cut here: lines that are doubled 5000 times twice fill the memory.
_LONGEST_BETWEEN = 8 << 20
_LONGEST_MEMBER = 1 << 20  # bytes of a member of an archive that are kept

PIECES = [
    *"[](){}|&<>\"'\\#%$^_,;:=*+-.?/0179az \t\n\r\x00\ufeff\u202e\x1b",
    *("..", ":=", "\\\\", "<!--", "-->", "]]>", "&#x0;", "&lol;", "\\u0000", "σ", "\u0301", "٣"),
    *("\\begin{array}", "</table>", "<table>", "fof(", "|---|", "interpretation(", "labels: "),
    *('# labels: ["a"]', "gap> ", "sep=;\n", "<![CDATA[", '<!DOCTYPE x [<!ENTITY a "b">]>'),
    *("mod 2\n", "rowspan='3' ", "colspan=9999 ", "t='s'", "null", "true", "NaN", "undefined"),
]
NUMBERS = [
    *("-1", "0", "00", "1e999", "1e308", "-0.0", "0x10", "1_0", "9" * 20, "9" * 5000, "1.5", "٣"),
    *("2147483648", "18446744073709551616", "1/0", "--1", "+", "4294967295", "65536", "1048577"),
]
NESTING = ["[", "(", "{", '{"a":', "<a>", "[[", "((", "a*(", "\\frac{", "{\\bf ", "1,", "|", "\n"]
ENCODINGS = ["utf-16", "utf-16-le", "utf-32", "latin-1", "utf-7", "cp037", "utf-8-sig", "cp1252"]


def mutated(data: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """Return a file with one to four changes, some of which know what an archive is."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        if data[:2] == b"PK" and rng.random() < 0.8:
            data = _archive(data, others, rng)
        elif data[:6] == b"\x93NUMPY" and rng.random() < 0.6:
            data = _array(data, rng)
        else:
            data = rng.choice(_CHANGES)(data, others, rng)
        data = data[:_LONGEST_BETWEEN]
    return data[:LONGEST]


def _at(data: bytes, rng: random.Random) -> int:
    return rng.randrange(len(data) + 1)


def _span(data: bytes, rng: random.Random) -> tuple[int, int]:
    i = _at(data, rng)
    return i, min(len(data), i + int(rng.expovariate(0.1)) + 1)


def _flip(data, others, rng):
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8) if data else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _overwrite(data, others, rng):
    i, j = _span(data, rng)
    return data[:i] + rng.randbytes(j - i) + data[j:]


def _truncate(data, others, rng):
    i = _at(data, rng)
    return data[:i] if rng.random() < 0.7 else data[i:]


def _delete(data, others, rng):
    i, j = _span(data, rng)
    return data[:i] + data[j:]


def _double(data, others, rng):
    i, j = sorted((_at(data, rng), _at(data, rng)))
    times = rng.choice((2, 2, 3, 50, 1000)) if j - i < 2000 else 2
    return data[:i] + data[i:j] * times + data[j:]


def _splice(data, others, rng):
    other = rng.choice(others)
    return data[: _at(data, rng)] + other[_at(other, rng) :]


def _insert(data, others, rng):
    i = _at(data, rng)
    return data[:i] + rng.choice(PIECES).encode() + data[i + rng.randint(0, 1) :]


def _number(data, others, rng):
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return _insert(data, others, rng)
    match = rng.choice(found)
    return data[: match.start()] + rng.choice(NUMBERS).encode() + data[match.end() :]


def _nest(data, others, rng):
    i = _at(data, rng)
    return data[:i] + rng.choice(NESTING).encode() * rng.choice((3, 100, 3000, 40000)) + data[i:]


def _lines(data, others, rng):
    lines = data.splitlines(keepends=True) or [b""]
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    change = rng.randrange(5)
    if change == 0:
        lines[i], lines[j] = lines[j], lines[i]
    elif change == 1:
        lines.insert(i, lines[j])
    elif change == 2:
        del lines[i]
    elif change == 3:
        lines[i] *= min(rng.choice((2, 100, 5000)), _LONGEST_BETWEEN // max(1, len(lines[i])))
    else:
        lines.insert(i, rng.choice(rng.choice(others).splitlines(keepends=True) or [b""]))
    return b"".join(lines)


def _words(data, others, rng):
    """Put one word of the file in the place of another, or lengthen it."""
    found = list(re.finditer(rb"[^\W\d_]+|\d+", data))
    if not found:
        return _insert(data, others, rng)
    one, other = rng.choice(found), rng.choice(found)[0]
    if rng.random() < 0.1:
        other = other[:50] * 20000  # a megabyte: a word may be a whole file itself by now
    return data[: one.start()] + other + data[one.end() :]


def _encode(data, others, rng):
    text = data.decode("utf-8", "replace")
    return text.encode(rng.choice(ENCODINGS), "replace")


def _ends(data, others, rng):
    return data.replace(b"\n", rng.choice((b"\r", b"\r\n", b"\n\n", b"", b"\x0b", b"\xe2\x80\xa8")))


_CHANGES = [
    _flip, _overwrite, _truncate, _delete, _double, _splice, _insert, _insert, _number, _nest,
    _lines, _lines, _words, _words, _encode, _ends,
]  # fmt: skip


@cache
def _packed(size: int, text: bytes) -> tuple[bytes, int]:
    """Some content that inflates to a size, deflated, and its checksum: made once."""
    pack = zlib.compressobj(1, zlib.DEFLATED, -15)
    block = text * ((1 << 16) // len(text))
    parts, check = [], 0
    for _ in range(size // len(block)):
        parts.append(pack.compress(block))
        check = zlib.crc32(block, check)
    return b"".join([*parts, pack.flush()]), check


def _bomb(name: str, rng: random.Random) -> bytes:
    """An archive of one member that inflates to up to 200 MB; its directory may say less."""
    text = rng.choice((b"\0", b" ", b"<row><c><v>1</v></c></row>"[:16]))
    size = rng.choice((1 << 20, 1 << 24, 200 << 20)) // (1 << 16) * (1 << 16)
    packed, check = _packed(size, text)
    said = rng.choice((size, 100))
    raw = name.encode()
    fields = (20, 0, 8, 0, 33, check, len(packed), said, len(raw))
    local = struct.pack("<4s5H3I2H", b"PK\3\4", *fields, 0) + raw
    central = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, *fields, 0, 0, 0, 0, 0, 0) + raw
    at = len(local) + len(packed)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(central), at, 0)
    return local + packed + central + end


# A broken member that is packed by LZMA takes 400 MB here too.
_HARMLESS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _archive(data, others, rng):
    """Change the members of an archive and pack it again, so that its checksums are right."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()[:50]
            if any(each.compress_type not in _HARMLESS for each in listed):
                return _flip(data, others, rng)
            members = []
            for each in listed:
                # The change before may have made an archive that inflates to gigabytes, which
                # would take minutes to pack again.
                with archive.open(each) as stream:
                    members.append((each.filename, stream.read(_LONGEST_MEMBER)))
    except Exception:  # the archive was broken by the change before
        return _flip(data, others, rng)
    if not members:
        return _flip(data, others, rng)
    i = rng.randrange(len(members))
    name, content = members[i]
    change = rng.randrange(12)
    if change < 5:
        is_array = content[:6] == b"\x93NUMPY"
        content = _array(content, rng) if is_array else rng.choice(_CHANGES)(content, others, rng)
        members[i] = (name, content)
    elif change == 5:
        members[i] = (rng.choice((name + "x", "../" + name, name.upper(), "", "a/" * 500)), content)
    elif change == 6:
        members.append((name, rng.choice(members)[1]))
    elif change == 7:
        del members[i]
    elif change == 8:
        members += [(f"{k}.npy", b"") for k in range(rng.choice((3, 3, 2000)))]
    elif change == 9 and rng.random() < 0.1:
        return _bomb(name, rng)
    elif change == 10:
        members[i] = (name, rng.choice(others))
    kind = rng.choice(
        (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as archive:
        for k, (each, content) in enumerate(members):
            info = zipfile.ZipInfo(each, (1980, 1, 1, 0, 0, 0))
            # A compressor for LZMA or bzip2 takes ten milliseconds to make: for a few only.
            info.compress_type = kind if k < 4 else zipfile.ZIP_STORED
            archive.writestr(info, content)
    packed = stream.getvalue()
    return _flip(packed, others, rng) if rng.random() < 0.2 else packed


DTYPES = [
    "<i8", ">i4", "|i1", "<u8", "<f8", "<f2", "<c16", "|b1", "<U3", "<U999999999", "|S4", "|O",
    "<M8[s]", "|V8", "<i3", "x", "<U0", [("a", "<i8")], ("<i8", (2,)),
]  # fmt: skip
SHAPES = [
    "()", "(0,)", "(3,)", "(3, 3)", "(-1, 3)", "(9000000,)", "(99999999999999999999, 9)",
    "(1, 2, 3)", "(4, 3)", "(True, 3)", "3", "None", "(2, 2", "(" * 150,
]  # fmt: skip


def _array(data, rng):
    """Change the header of an array, or what follows it."""
    if rng.random() < 0.3:
        return _flip(data, [], rng)
    end = data.find(b"\n") + 1 or len(data)
    header = data[10:end].decode("latin-1")
    change = rng.randrange(4)
    if change == 0:
        header = re.sub(
            r"'descr': .*?, 'fortran",
            lambda _: f"'descr': {rng.choice(DTYPES)!r}, 'fortran",
            header,
        )
    elif change == 1:
        header = re.sub(r"'shape': \([^)]*\)", lambda _: f"'shape': {rng.choice(SHAPES)}", header)
    elif change == 2:
        header = _insert(header.encode(), [], rng).decode("utf-8", "replace")
    version = rng.choice((b"\1\0", b"\1\0", b"\2\0", b"\3\0", b"\x09\0"))
    raw = header.encode("utf-8", "replace")
    length = len(raw) if rng.random() < 0.9 else rng.randrange(1 << 16)
    size = (
        struct.pack("<H", min(length, 65535)) if version == b"\1\0" else struct.pack("<I", length)
    )
    body = data[end:]
    return b"\x93NUMPY" + version + size + raw + (body if change < 3 else body[: _at(body, rng)])
