"""Pictures: known by how a file begins, whatever it is called."""

BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"GIF8")
HEIC = b"ftyp"


def is_picture(content: bytes) -> bool:
    """Whether this begins as a JPEG, PNG, WebP, GIF or HEIC does."""
    return content.startswith(BEGINNINGS) or content[4:8] == HEIC
