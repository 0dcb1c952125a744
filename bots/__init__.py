"""Conversations: one file a channel, and the dialogue that they all speak."""

from bots.sms import Sms
from bots.telegram import Telegram
from tipline.channels import Channel
from tipline.settings import Settings


def channels_for(settings: Settings) -> list[Channel]:
    """The channels that these settings switch on."""
    found: list[Channel] = []
    if settings.twilio_auth_token:
        found.append(Sms(settings))
    if settings.telegram_token:
        found.append(Telegram(settings))
    return found
