"""Pieces of page that Python draws: bars, moments, timelines, comments. Each returns safe HTML.

They are built by string formatting because some stand forty times on one page.
"""
