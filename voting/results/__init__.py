"""From stored ballots to outcomes, and reading them again."""
