"""The tables that ship."""
