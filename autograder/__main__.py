"""`python -m autograder`, where the command `autograder` is not on the PATH."""

from autograder.cli import main

if __name__ == "__main__":
    main()
