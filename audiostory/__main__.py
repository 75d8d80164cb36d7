"""Run audiostory as a module: python -m audiostory."""

from audiostory.cli import main

if __name__ == "__main__":
    main()
