"""Telegram, by the Bot API at the configured base address."""

import asyncio
import hmac
import json
import ssl
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update, User
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from tipline.channels import (
    CannotReach,
    Choice,
    Heard,
    Knock,
    NotFromProvider,
    Status,
    TryLater,
    Unclear,
)
from tipline.domain.sending import Why
from tipline.settings import Settings

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
OFFICIAL = "https://api.telegram.org"
CHINESE = "zh"
WHYS = {
    "blocked by the user": Why.BLOCKED,
    "user is deactivated": Why.NO_SUCH_ADDRESS,
    "chat not found": Why.NO_SUCH_ADDRESS,
    "can't initiate conversation": Why.BLOCKED,
}
NEVER_LEFT = ("ConnectError", "ConnectTimeout", "PoolTimeout")


class Telegram:
    """The channel `telegram`; private chats only."""

    name = "telegram"
    buttons = True
    provider = "telegram"

    def __init__(self, settings: Settings) -> None:
        self._token = settings.telegram_token
        self._secret = settings.telegram_secret
        self._base = settings.telegram_base_url or OFFICIAL

    def hear(self, knock: Knock) -> Heard | None:
        """The words in an update whose secret is right, new or corrected; all else is let pass."""
        given = knock.headers.get(SECRET_HEADER, "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise NotFromProvider
        update = _update(knock.body)
        return _heard(update) if update else None

    def hear_status(self, knock: Knock) -> Status | None:
        """Telegram reports nothing of this kind."""
        raise NotFromProvider

    def speak(
        self, address: str, text: str, choices: Sequence[Choice] = (), reference: str = ""
    ) -> str:
        """Send one message; returns its id, which does not say in which chat."""
        return _called(self._send(address, text, choices))

    def take_back(self, address: str, message_id: str) -> None:
        """Remove a message from the chat, ours or theirs."""
        _called(self._remove(address, message_id))

    async def _send(self, address: str, text: str, choices: Sequence[Choice]) -> str:
        async with self._bot() as bot:
            sent = await bot.send_message(
                chat_id=int(address), text=text, reply_markup=_buttons(choices)
            )
        return str(sent.message_id)

    async def _remove(self, address: str, message_id: str) -> str:
        async with self._bot() as bot:
            await bot.delete_message(chat_id=int(address), message_id=int(message_id))
        return message_id

    @asynccontextmanager
    async def _bot(self) -> AsyncIterator[Bot]:
        """The official client, with a connection of its own that is closed again."""
        trust = {"verify": _authorities()}
        async with HTTPXRequest(connection_pool_size=1, httpx_kwargs=trust) as connection:
            yield Bot(
                self._token,
                base_url=f"{self._base}/bot",
                request=connection,
                get_updates_request=connection,
            )


def _called(request: Coroutine[None, None, str]) -> str:
    """The provider's answer, or which way it failed; says nothing of whom it was for."""
    try:
        return asyncio.run(request)
    except RetryAfter as flood:
        asked = flood.retry_after
        wait = asked.total_seconds() if isinstance(asked, timedelta) else asked
        raise TryLater("provider asks to wait", after=wait) from None
    except (Forbidden, BadRequest) as refused:
        raise CannotReach(type(refused).__name__, _why(refused.message)) from None
    except InvalidToken:
        raise TryLater("provider refuses our token") from None
    except TelegramError as lost:
        raise _lost(lost) from None


def _why(message: str) -> Why:
    """What the provider's words mean for this person."""
    said = message.casefold()
    return next((why for words, why in WHYS.items() if words in said), Why.REFUSED)


def _buttons(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """One button a line, so that long words can be read on a small screen."""
    rows = [[InlineKeyboardButton(each.label, callback_data=each.value)] for each in choices]
    return InlineKeyboardMarkup(rows) if rows else None


@cache
def _authorities() -> ssl.SSLContext:
    """To read them takes longer than to send a message, so they are read once."""
    return httpx.create_ssl_context()


def _update(body: bytes) -> Update | None:
    """None for whatever the library cannot read: brought once more, it would read no better."""
    try:
        return Update.de_json(json.loads(body), bot=None)
    except Exception:
        return None


def _heard(update: Update) -> Heard | None:
    """What a private chat said, pressed or corrected; None for everything else."""
    query = update.callback_query
    message = query.message if query else (update.message or update.edited_message)
    chat = message.chat if message else None
    if message is None or chat is None or chat.type != "private":
        return None
    id_, sender = str(update.update_id), str(chat.id)
    if query is not None:
        return Heard(id_, sender, "", _locale(query.from_user), pressed=query.data or "")
    if not isinstance(message, Message):
        return None
    text, amends = message.text or message.caption or "", update.edited_message is not None
    if amends and not text:
        return None
    return Heard(id_, sender, text, _locale(message.from_user), amends=amends)


def _locale(person: User | None) -> str:
    language = (person.language_code if person else None) or CHINESE
    return "zh" if language.startswith(CHINESE) else "en"


def _lost(lost: TelegramError) -> TryLater | Unclear:
    """Answered with an error, or never connected: nothing was sent. Other losses leave it open."""
    cause = lost.__cause__
    if type(cause).__name__ in NEVER_LEFT:
        return TryLater("provider cannot be reached")
    if isinstance(lost, NetworkError) and (cause is None or isinstance(cause, TelegramError)):
        return TryLater("provider cannot take it now")
    return Unclear("no answer from the provider")
