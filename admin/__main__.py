"""`python -m admin` is the `digilinja` command."""

from admin.cli import main

if __name__ == "__main__":
    main()
