"""The commands of `wijzer`, and how they print."""
