"""The dialogue: what a message means. Pure; the same on every channel."""

import unicodedata

from tipline.channels import Effect, Turn

ASKS_FOR_CODE = frozenset({"查询码", "查码", "查詢碼", "code"})
GREETINGS = frozenset({"/start", "/help", ""})


def understand(text: str, *, has_open_tip: bool) -> Turn:
    """The first message of a sender is at once a tip; later ones add to it.

    The code is told whenever it is asked for: most often once the answer is ready.
    """
    word = unicodedata.normalize("NFKC", text).strip().strip("“”\"'。.!！").casefold()
    if word in GREETINGS:
        return Turn(Effect.NOTHING, reply="help")
    if word in ASKS_FOR_CODE:
        return Turn(Effect.TELL_CODE, reply="code")
    return Turn(Effect.ADD if has_open_tip else Effect.NEW_TIP, words=text)
