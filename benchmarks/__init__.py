"""Every figure we publish, as a command that anyone can run."""
