import pytest

from oms.backoffice.desk.scans import MAX_TEXT, MEANINGS, Command, Scan, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4006381333931", Scan(text="4006381333931", code="4006381333931")),
        (" SKU-1\n", Scan(text="SKU-1", code="SKU-1")),
        ("3*SKU-1", Scan(text="3*SKU-1", times=3, code="SKU-1")),
        ("3* SKU-1", Scan(text="3* SKU-1", times=3, code="SKU-1")),
        ("12*", Scan(text="12*", times=12)),
        ("*done*", Scan(text="*done*", command=Command.DONE)),
        ("*G420*", Scan(text="*G420*", weight_g=420)),
        ("*DANCE*", Scan(text="*DANCE*", is_unknown=True)),
        ("0*SKU-1", Scan(text="0*SKU-1", code="0*SKU-1")),
        ("12345*SKU-1", Scan(text="12345*SKU-1", code="12345*SKU-1")),
        ("", Scan(text="")),
        ("A\x00B", Scan(text="AB", code="AB")),
    ],
)
def test_a_scan_is_read(text, expected):
    assert read(text) == expected


def test_it_is_no_longer_than_what_is_kept():
    assert len(read("x" * 1000).text) == MAX_TEXT


def test_every_command_has_a_meaning():
    assert set(MEANINGS) == set(Command)
