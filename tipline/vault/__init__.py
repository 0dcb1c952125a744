"""Secrets: anyone may seal; each private key opens through one door, its own module."""
