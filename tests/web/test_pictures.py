"""Pictures that unpack to more than a browser can hold are refused by their first bytes, and no
picture tells where it was taken."""

import io
import struct
import tracemalloc
import zlib

import pytest
from docx.image.image import Image as WordImage
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from portal.errors import Invalid
from portal.files import kind_of
from portal.pictures import MAX_PIXELS, MAX_SIDE, bare, is_too_large, size_of


def png(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG of one bit a pixel; of none without a body."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    made = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def jpeg(width: int, height: int, before: bytes = b"") -> bytes:
    """The head of a JPEG, with other segments in front of its frame's."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(9) + before + frame + b"\xff\xd9"


def whole(width: int, height: int) -> bytes:
    """A real PNG, all white, packed row by row."""
    packer, row = zlib.compressobj(9), b"\x00" + b"\xff" * ((width + 7) // 8)
    parts = [packer.compress(row) for _ in range(height)]
    return png(width, height, b"".join(parts) + packer.flush())


def test_a_small_file_of_30000_by_30000_pixels_is_refused_and_never_unpacked() -> None:
    bomb = whole(30_000, 30_000)
    assert len(bomb) < 200_000
    tracemalloc.start()
    with pytest.raises(Invalid, match="30,000 by 30,000 pixels"):
        kind_of(bomb, "team.png")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


def test_a_jpeg_is_refused_whatever_stands_before_its_size() -> None:
    other = b"\xff\xe1\x00\x04ab" + b"\xff\xff\xdb\x00\x03x"
    for data in (jpeg(30_000, 30_000), jpeg(30_000, 30_000, other)):
        assert size_of(data) == (30_000, 30_000)
        with pytest.raises(Invalid, match="pixels"):
            kind_of(data, "team.jpg")


def test_what_people_take_with_a_telephone_is_taken() -> None:
    assert kind_of(jpeg(4_032, 3_024), "ward.jpeg") == "jpg"
    assert kind_of(whole(640, 480), "ward.png") == "png"
    assert not is_too_large((MAX_SIDE, MAX_PIXELS // MAX_SIDE))
    assert is_too_large((MAX_SIDE + 1, 1))
    assert is_too_large((MAX_SIDE, MAX_PIXELS // MAX_SIDE + 1))


def test_a_picture_that_says_no_size_is_refused() -> None:
    with pytest.raises(Invalid, match="how large it is"):
        kind_of(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(300), "team.jpg")


@given(st.binary(max_size=60), st.sampled_from([b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n"]))
def test_whatever_comes_has_a_size_or_none(data: bytes, head: bytes) -> None:
    found = size_of(head + data)
    assert found is None or all(side > 0 for side in found)


def photograph(kind: str, orientation: int = 1, **saved: object) -> bytes:
    """A picture in two colours as a telephone writes it: with its place and its device."""
    made = Image.new("RGB", (40, 24), "#005eb8")
    made.paste("#ffffff", (0, 0, 20, 24))
    said = Image.Exif()
    said[0x0112], said[0x010F], said[0x013B] = orientation, "Telephone", "Jane Example"
    said.get_ifd(0x8825)[2] = (53.0, 28.0, 59.0)
    file = io.BytesIO()
    made.save(file, kind, exif=said, **saved)
    return file.getvalue()


def looks(data: bytes) -> tuple[tuple[int, int], bytes]:
    shown = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    return shown.size, shown.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("more", [{}, {"progressive": True}, {"comment": b"Jane Example"}])
def test_a_jpeg_tells_no_place_and_looks_as_before(
    orientation: int, more: dict[str, object]
) -> None:
    data = photograph("JPEG", orientation, **more)
    kept = bare(data + b"a film of the ward")
    assert kept
    for told in (b"Telephone", b"Jane", b"film"):
        assert told not in kept
    assert set(Image.open(io.BytesIO(kept)).getexif()) <= {0x0112}
    assert looks(kept) == looks(data)
    assert size_of(kept) == size_of(data) == looks(data)[0]
    assert WordImage.from_blob(kept).px_width == 40
    assert bare(kept) == kept


def test_a_png_tells_no_place_and_looks_as_before() -> None:
    words = PngInfo()
    words.add_itxt("Author", "Jane Example")
    data = photograph("PNG", pnginfo=words)
    kept = bare(data + b"a film of the ward")
    assert kept
    assert [told for told in (b"Telephone", b"Jane", b"film", b"eXIf") if told in kept] == []
    assert looks(kept) == looks(data)
    assert bare(data[:-20]) is None


def test_a_jpeg_without_the_head_that_programs_know_gets_one() -> None:
    whole_one = photograph("JPEG")
    raw = b"\xff\xd8" + whole_one[whole_one.index(b"\xff\xdb") :]
    kept = bare(raw)
    assert kept
    assert WordImage.from_blob(kept).px_height == 24
    assert looks(kept) == looks(whole_one)


def test_a_picture_without_a_side_is_refused() -> None:
    for data, name in ((jpeg(20, 0), "a.jpg"), (png(0, 20), "a.png")):
        with pytest.raises(Invalid, match="how large it is"):
            kind_of(data, name)


@given(st.binary(max_size=200), st.sampled_from([jpeg(3, 2)[:20], png(3, 2)[:33]]))
@example(b"\xff\x00\x00\x03", jpeg(3, 2)[:20])  # a segment longer than the data
@example(b"\xff\xda\x00\x09", jpeg(3, 2)[:20])
def test_whatever_is_behind_a_head_ends(data: bytes, head: bytes) -> None:
    kept = bare(head + data)
    assert kept is None or bare(kept) == kept
