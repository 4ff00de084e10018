"""The doors: settings, command line, HTTP for programs and pages for people."""
