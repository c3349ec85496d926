"""The books on disk: journal, projections, catalogue, drafts. Never imports services."""
