"""The books on disk: journal, projections, drafts, catalogue, and what opens and mends them. Never imports services, devices or sync.

Spoken to through sqlcipher3's DB-API and written-out SQL. SQLAlchemy Core was measured and left to the central service: here it costs
0.30 s and 24 MB at start, of a budget of 0.48 s, and takes 0.7 of the commits, for statements that are text all the same.
"""
