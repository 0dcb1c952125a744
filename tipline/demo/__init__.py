"""The demo bureau."""
