"""Rewards: proposed, approved by others, claimed with the code, paid without the case learning."""
