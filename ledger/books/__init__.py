"""What is read fast: made from the chains, made anew whenever somebody asks."""
