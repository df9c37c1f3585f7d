"""What a company runs without us: it knows nothing of the other files."""
