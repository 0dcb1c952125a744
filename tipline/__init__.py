"""Tipline: a public tip line on which every report gets an answer within the prescribed time."""
