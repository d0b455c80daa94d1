"""What is owed and what was answered: the promise of the product."""
