"""The published snapshot opened read-only, and from a question to ranked evidence."""
