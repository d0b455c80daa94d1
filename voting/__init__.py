"""Polls, questionnaires and ballots: the ballot box that other apps will use. No rows yet."""
