"""Telegram, by the Bot API at the configured base address."""

import asyncio
import hmac
import json
import ssl
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import cache
from typing import TypeVar

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bots import updates
from tipline.channels import (
    CannotReach,
    Channel,
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
WHYS = {
    "blocked by the user": Why.BLOCKED,
    "user is deactivated": Why.NO_SUCH_ADDRESS,
    "chat not found": Why.NO_SUCH_ADDRESS,
    "can't initiate conversation": Why.BLOCKED,
}
NEVER_LEFT = ("ConnectError", "ConnectTimeout", "PoolTimeout")
Answer = TypeVar("Answer")


def configured(settings: Settings) -> list[Channel]:
    """The bot, if there is one."""
    return [Telegram(settings)] if settings.telegram_token else []


class Telegram:
    """The channel `telegram`; private chats only."""

    name = "telegram"
    buttons = True
    provider = "telegram"

    def __init__(self, settings: Settings) -> None:
        self._token = settings.telegram_token
        self._secret = settings.telegram_secret
        self._base = settings.telegram_base_url or OFFICIAL
        self._polls = settings.telegram_mode == "polling"
        self._confirmed = 0

    def hear(self, knock: Knock) -> Heard | None:
        """The words in an update whose secret is right, new or corrected; all else is let pass."""
        given = knock.headers.get(SECRET_HEADER, "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise NotFromProvider
        update = _update(knock.body)
        return updates.heard(update) if update else None

    @property
    def pause_seconds(self) -> float:
        """How long to wait between two looks, for a machine that no webhook reaches."""
        return 1 if self._polls else 0

    def collect(self) -> list[Heard]:
        """What came since the last look; the provider keeps it until the next look confirms it."""
        found = _called(self._updates())
        if found:
            self._confirmed = found[-1].update_id + 1
        said = (updates.heard(update) for update in found)
        return [each for each in said if each is not None]

    def fetch(self, reference: str) -> bytes:
        """One file; its address holds our token and is seen by nobody."""
        return _called(self._file(reference))

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
        if not message_id.isdecimal():
            raise CannotReach("not a message of this chat")
        _called(self._remove(address, message_id))

    async def _send(self, address: str, text: str, choices: Sequence[Choice]) -> str:
        async with self._bot() as bot:
            sent = await bot.send_message(
                chat_id=int(address), text=text, reply_markup=_buttons(choices)
            )
        return str(sent.message_id)

    async def _updates(self) -> Sequence[Update]:
        async with self._bot() as bot:
            if self._confirmed == 0:
                await bot.delete_webhook()
            found = await bot.get_updates(offset=self._confirmed or None, timeout=0)
            for press in (each.callback_query for each in found if each.callback_query):
                with suppress(TelegramError):  # an old press cannot be answered any more
                    await bot.answer_callback_query(press.id)
            return found

    async def _file(self, reference: str) -> bytes:
        async with self._bot() as bot:
            file = await bot.get_file(reference)
            return bytes(await file.download_as_bytearray())

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
                base_file_url=f"{self._base}/file/bot",
                request=connection,
                get_updates_request=connection,
            )


def _called(request: Coroutine[None, None, Answer]) -> Answer:
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


def _lost(lost: TelegramError) -> TryLater | Unclear:
    """Answered with an error, or never connected: nothing was sent. Other losses leave it open."""
    cause = lost.__cause__
    if type(cause).__name__ in NEVER_LEFT:
        return TryLater("provider cannot be reached")
    if isinstance(lost, NetworkError) and (cause is None or isinstance(cause, TelegramError)):
        return TryLater("provider cannot take it now")
    return Unclear("no answer from the provider")
