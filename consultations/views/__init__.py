"""Pages of consultations, in groups that a person would name."""
