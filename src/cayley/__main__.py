"""``python -m cayley``: the command line."""

from cayley.cli import main

if __name__ == "__main__":
    main()
