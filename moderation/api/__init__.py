"""The JSON interface for the marketplace's own programs; docs/api.md describes it."""
