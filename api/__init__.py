"""The doors: settings, command line, HTTP and the chat page."""
