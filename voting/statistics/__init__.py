"""Statistics of answers. Pure: no Django, no rows."""
