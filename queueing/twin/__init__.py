"""The whole queue as a plain-Python model: what the library must do, and what is simulated."""
