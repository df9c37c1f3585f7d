"""What happened, chained, and what it says about the promise."""
