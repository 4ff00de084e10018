"""What stands before every route, and who may pass."""
