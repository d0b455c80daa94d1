"""Receipt codes: what a voter keeps, and the mark under which the ballot is published.

The code is 130 random bits in Crockford's base 32 (https://www.crockford.com/base32.html), so that
it can be read aloud and copied by hand. The site keeps the mark alone; nobody can find the code from it.
"""

import hashlib

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26  # characters of five bits
RANDOM_BYTES = 17  # enough for 130 bits
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = str.maketrans("", "", " -–·\t\n\r")


def code_from(random: bytes) -> str:
    """A code from at least 17 random bytes. Raises ValueError for fewer."""
    if len(random) < RANDOM_BYTES:
        raise ValueError("a receipt code needs 17 random bytes")
    number = int.from_bytes(random[:RANDOM_BYTES])
    return "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(LENGTH))


def normalise(text: str) -> str:
    """A code as somebody typed it, in its one spelling. Raises ValueError if it is not one."""
    code = text.translate(_SEPARATORS).upper().translate(_ALIKE)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise ValueError("not a receipt code")
    return code


def grouped(code: str) -> str:
    """The code as it is shown: groups of four or five characters."""
    groups = [code[0:5], code[5:10], code[10:14], code[14:18], code[18:22], code[22:26]]
    return "-".join(groups)


def mark_of(poll_id: int, code: str) -> str:
    """The mark of a normalised code in one poll, 64 hexadecimal digits."""
    return hashlib.sha256(f"kenes receipt 1\n{poll_id}\n{code}".encode()).hexdigest()
