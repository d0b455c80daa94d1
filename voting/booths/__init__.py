"""Pages of booths: who takes ballots on paper and by telephone, check-in, sheets and their log."""
