"""Drafts as trees, their versions compared, and what is left of a text's identity in the next one.

Pure: no Django, no clock but the time limit of a comparison, frozen values in and out.
"""
