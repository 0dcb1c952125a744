"""Conversations: one file a channel, and the dialogue that they all speak."""
