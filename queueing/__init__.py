"""Who answers, and how soon."""
