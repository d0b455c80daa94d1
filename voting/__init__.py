"""Polls, questionnaires and ballots, and the ballot box that other apps use."""
