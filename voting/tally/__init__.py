"""Counting votes. Pure: no Django, no rows, no clock, no hidden chance."""
