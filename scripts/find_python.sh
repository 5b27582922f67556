#!/bin/sh
# Prints the Python that the virtual environment is made with: $PYTHON when it is set, else the newest here that will do.
set -eu

will_do='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'

for python in ${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3 python}; do
    if "$python" -c "$will_do" >/dev/null 2>&1; then
        command -v "$python"
        exit 0
    fi
done

{
    echo "No Python that will do: tried ${PYTHON:-python3.14, python3.13, python3.12, python3.11, python3, python}."
    echo "Wanted: Python 3.11 or later with its venv module (Debian and Ubuntu: apt-get install python3-venv)."
    echo "Say which one to take with PYTHON=/path/to/python make ..."
} >&2
exit 1
