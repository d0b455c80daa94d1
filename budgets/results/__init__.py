"""Results of a budget: computed once after the vote, stored, and told in words, tables and drawings."""
