"""The code of a room, which a class reads off a wall, and the key, which only its teacher's browser has."""

from __future__ import annotations

import secrets

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""Consonants: no letter is taken for a digit, and no code reads as a word."""
CODE_LENGTH = 8
"""Letters of a code: 20⁸ = 2.6 × 10¹⁰ codes, so that with sixteen rooms one guess in 1.6 × 10⁹ finds one."""
HALF = CODE_LENGTH // 2
FILLERS = str.maketrans("", "", " -–.\u00a0")


def new_code() -> str:
    """A code that nobody can foresee."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def new_key() -> str:
    """A key of 256 bits, in signs that a header carries."""
    return secrets.token_urlsafe(32)


def read_code(text: str) -> str | None:
    """The code that somebody typed, in capitals or not, with a space or a hyphen in it or not; None for what is none."""
    code = text[:40].translate(FILLERS).upper()
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def spelt(code: str) -> str:
    """The code as it is shown: "BCDF-GHJK"."""
    return f"{code[:HALF]}-{code[HALF:]}"
