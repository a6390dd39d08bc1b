"""config/*.toml to frozen values: every error at once, each with its file and key. Reads files, decides nothing."""
