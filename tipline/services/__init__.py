"""Use cases: one function, one transaction, one journal line; the rest follows from policy."""
