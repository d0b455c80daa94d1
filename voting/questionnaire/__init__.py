"""What is asked, and what may be answered. Pure: no Django, no rows, no clock.

`definition` holds the frozen shape of a poll, `answers` checks and normalises what somebody
answered, `conditions` decides what is shown. Page, API, paper entry and count use the same code.
"""
