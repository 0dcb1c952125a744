"""Telegram, by the Bot API at the configured base address."""

import asyncio
import hmac
import json

from telegram import Bot, Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from tipline.channels import CannotReach, Heard, Knock, NotFromProvider, Status, TryLater, Unclear
from tipline.settings import Settings

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
OFFICIAL = "https://api.telegram.org"
CHINESE = "zh"


class Telegram:
    """The channel `telegram`; private chats only."""

    name = "telegram"

    def __init__(self, settings: Settings) -> None:
        self._token = settings.telegram_token
        self._secret = settings.telegram_secret
        self._base = settings.telegram_base_url or OFFICIAL

    def hear(self, knock: Knock) -> Heard | None:
        """The text message in an update whose secret is right; everything else is let pass."""
        given = knock.headers.get(SECRET_HEADER, "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise NotFromProvider
        update = _update(knock.body)
        message = update.message if update else None
        if update is None or message is None or message.chat.type != "private":
            return None
        language = (message.from_user.language_code if message.from_user else None) or CHINESE
        locale = "zh" if language.startswith(CHINESE) else "en"
        text = message.text or message.caption or ""
        return Heard(str(update.update_id), str(message.chat.id), text, locale)

    def hear_status(self, knock: Knock) -> Status | None:
        """Telegram reports nothing of this kind."""
        raise NotFromProvider

    def speak(self, address: str, text: str) -> str:
        """Send one message; returns its id."""
        try:
            return asyncio.run(self._send(address, text))
        except RetryAfter as flood:
            seconds = flood.retry_after
            wait = seconds if isinstance(seconds, int) else seconds.total_seconds()
            raise TryLater("provider asks to wait", after=wait) from None
        except (Forbidden, BadRequest) as refused:
            raise CannotReach(type(refused).__name__) from None
        except TimedOut as lost:
            raise _lost(lost) from None
        except NetworkError as lost:
            raise _lost(lost) from None
        except TelegramError as refused:
            raise CannotReach(type(refused).__name__) from None

    async def _send(self, address: str, text: str) -> str:
        async with HTTPXRequest(connection_pool_size=1) as connection:
            bot = Bot(self._token, base_url=f"{self._base}/bot", request=connection)
            sent = await bot.send_message(chat_id=int(address), text=text)
        return f"{address}:{sent.message_id}"


def _update(body: bytes) -> Update | None:
    try:
        return Update.de_json(json.loads(body), bot=None)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _lost(lost: NetworkError) -> TryLater | Unclear:
    """A connection that was never made sent nothing; any other loss leaves it open."""
    if "ConnectError" in repr(lost) or "ConnectError" in str(lost):
        return TryLater("provider cannot be reached")
    return Unclear("no answer from the provider")
