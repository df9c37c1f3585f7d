"""What a company is told of its calls, by the rules of the promise."""
