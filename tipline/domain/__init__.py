"""Rules: pure functions over plain values, the standard library only."""
