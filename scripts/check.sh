#!/bin/sh
# Every gate in turn; all of them run, and the first failure decides the exit code.
failed=0
gate() {
    echo "== $1"
    shift
    "$@" || failed=1
}
bin=.venv/bin
# Made-up values: the deployment check only asks whether a server would be safe.
server="env SECRET_KEY=$(head -c 40 /dev/urandom | od -An -tx1 | tr -d ' \n') HTTPS=1 ALLOWED_HOSTS=leadflow.example"

gate "lint" $bin/ruff check
gate "format" $bin/ruff format --check
gate "types" $bin/mypy .
gate "import rules" $bin/lint-imports
gate "templates" $bin/djlint --check --quiet templates
gate "migrations" $bin/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
gate "deployment" $server $bin/python manage.py check --deploy --fail-level WARNING
exit $failed
