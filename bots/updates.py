"""What an update of the bot says: words, a press, a correction, a place, files."""

from telegram import Message, Update, User
from telegram.constants import ChatType

from tipline.channels import Heard
from tipline.domain.words import language_of

CHINESE = "zh"
LARGEST_FILE = 20_000_000  # the Bot API hands out no larger ones
FILES = ("document", "video", "video_note", "voice", "audio")  # an animation is a document too


def heard(update: Update) -> Heard | None:
    """What was said in a private chat, or that somebody spoke in a group; None for all else."""
    query = update.callback_query
    message = query.message if query else (update.message or update.edited_message)
    chat = message.chat if message else None
    if message is None or chat is None:
        return None
    id_, sender = str(update.update_id), str(chat.id)
    if chat.type != ChatType.PRIVATE:
        is_group = chat.type in (ChatType.GROUP, ChatType.SUPERGROUP) and update.message is not None
        return Heard(id_, sender, "", group=True) if is_group else None
    if query is not None:
        locale, value = _locale(query.from_user, ""), query.data or ""
        return Heard(id_, sender, "", locale, pressed=value, query=query.id)
    if not isinstance(message, Message):
        return None
    return _said(id_, sender, message, amends=update.edited_message is not None)


def _said(id_: str, sender: str, message: Message, *, amends: bool) -> Heard | None:
    text, pin = _text(message), message.location is not None or message.venue is not None
    if amends and not (message.text or message.caption):
        return None  # a location that moves, a poll that closes
    files, too_large = _files(message)
    return Heard(
        id_,
        sender,
        text,
        _locale(message.from_user, text),
        amends=amends,
        pin=pin,
        files=() if amends else files,
        too_large=0 if amends else too_large,
        message=str(message.message_id),
        album=message.media_group_id or "",
    )


def _text(message: Message) -> str:
    """The words; a place and a person are written out."""
    if message.text or message.caption:
        return message.text or message.caption or ""
    venue, person = message.venue, message.contact
    place = venue.location if venue else message.location
    if place is not None:
        named = f"{venue.title} {venue.address} " if venue else ""
        return f"{named}定位 {place.latitude:.5f}, {place.longitude:.5f}"
    if person is not None:
        name = " ".join(part for part in (person.first_name, person.last_name) if part)
        return f"{name} {person.phone_number}"
    return ""


def _files(message: Message) -> tuple[tuple[str, ...], int]:
    """The files that can be fetched, of a picture the largest size; and how many cannot."""
    found = [file for name in FILES if (file := getattr(message, name)) is not None]
    found += message.photo[-1:]
    fit = tuple(file.file_id for file in found if (file.file_size or 0) <= LARGEST_FILE)
    return fit, len(found) - len(fit)


def _locale(person: User | None, text: str) -> str:
    """The language of their application; of their words where it does not say."""
    language = person.language_code if person else None
    if not language:
        return language_of(text)
    return "zh" if language.startswith(CHINESE) else "en"
