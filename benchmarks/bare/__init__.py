"""The least that Django can do: the measure for all figures. One query by primary key, ten lines."""
