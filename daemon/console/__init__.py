"""The console: the desk on one screen, for the office's own network. It shows the store and calls the office; it decides nothing."""
