"""``python -m daemon`` is ``motcua``."""

from daemon.cli import main

if __name__ == "__main__":
    main()
