"""Compressed bodies: every coding in pieces of any size, bombs, cut-off and garbled ones."""

import gzip
import sys
import zlib

import brotli
import pytest

from monitor.fetch.decoding import Decoder, OverLimitError, UndecodableError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b"".join(b"%d bottles of ink, " % number for number in range(40_000))  # ~ 800 kB


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED = {
    "gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "br": brotli.compress(TEXT, quality=5),
    "zstd": zstd.compress(TEXT),
}


def decode(encoding: str, data: bytes, step: int = 65_536, limit: int = 10**7) -> bytes:
    decoder = Decoder(encoding, limit)
    for start in range(0, len(data), step):
        decoder.feed(data[start : start + step])
    return decoder.finish()


@pytest.mark.parametrize("step", [1, 7, 1_000, 10**9])
@pytest.mark.parametrize("encoding", PACKED)
def test_every_coding_in_pieces(encoding: str, step: int) -> None:
    assert decode(encoding, PACKED[encoding], step) == TEXT


@pytest.mark.parametrize("step", [1, 1_000, 10**9])
def test_raw_deflate(step: int) -> None:
    assert decode("deflate", _raw_deflate(TEXT), step) == TEXT


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_no_coding(encoding: str) -> None:
    assert decode(encoding, b"plain") == b"plain"


@pytest.mark.parametrize("step", [1, 50, 10**9])
def test_members_one_after_the_other(step: int) -> None:
    assert (
        decode("gzip", gzip.compress(b"a" * 100) + gzip.compress(b"") + gzip.compress(b"b"), step) == b"a" * 100 + b"b"
    )
    assert (
        decode("zstd", zstd.compress(b"a" * 100) + zstd.compress(b"") + zstd.compress(b"b"), step) == b"a" * 100 + b"b"
    )


def test_padding_after_gzip_is_left() -> None:
    assert decode("x-gzip", gzip.compress(b"text") + b"\0" * 20, 3) == b"text"


@pytest.mark.parametrize("encoding", [*PACKED, "gzip"])
def test_an_empty_body_is_empty_whatever_its_coding(encoding: str) -> None:
    assert decode(encoding, b"") == b""


@pytest.mark.parametrize("encoding", PACKED)
@pytest.mark.parametrize("missing", [1, 1_000])
def test_a_cut_off_body_is_told(encoding: str, missing: int) -> None:
    with pytest.raises(UndecodableError, match="cut off"):
        decode(encoding, PACKED[encoding][:-missing])


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate"])
def test_a_body_that_is_not_what_it_says(encoding: str) -> None:
    with pytest.raises(UndecodableError):
        decode(encoding, b"<html>not compressed at all, whatever the header says</html>" * 20)


@pytest.mark.parametrize("encoding", ["compress", "gzip, br", "aes128gcm"])
def test_unknown_codings(encoding: str) -> None:
    with pytest.raises(UndecodableError, match="unknown Content-Encoding"):
        Decoder(encoding, 10)


@pytest.mark.parametrize("encoding", ["", *PACKED])
def test_the_limit_holds_to_the_byte(encoding: str) -> None:
    data = PACKED.get(encoding, TEXT)
    assert decode(encoding, data, limit=len(TEXT)) == TEXT
    decoder = Decoder(encoding, len(TEXT) - 1)
    with pytest.raises(OverLimitError):
        decoder.feed(data)
    assert decoder.so_far == TEXT[:-1]


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_very_many_members_are_refused(pack: object) -> None:
    assert callable(pack)
    with pytest.raises(UndecodableError, match="more than 1000 compressed members"):
        decode("gzip" if pack is gzip.compress else "zstd", pack(b"") * 2_000)
