"""Dutch templates as files, versioned and hashed into every answer."""
