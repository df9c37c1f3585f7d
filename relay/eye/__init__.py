"""Looks at a few frames of people who said yes, and says whether hands can be read."""
