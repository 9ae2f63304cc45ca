"""Sections of a report: each takes the job and gives what is to be set, figures included."""
