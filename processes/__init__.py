"""The public frame of every participation: process, phases, subjects, journal."""
