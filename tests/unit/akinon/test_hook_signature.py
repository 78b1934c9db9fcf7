from oms.api.akinon.hooks.format import signature

# RFC 4231, test case 2: HMAC-SHA-256 of "what do ya want for nothing?" with the key "Jefe".
VECTOR = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_the_signature_is_an_hmac_of_the_exact_bytes():
    assert signature(b"what do ya want for nothing?", "Jefe") == f"sha256={VECTOR}"
