# One image for every role: docker build --target app|ops|postgres.
ARG BASE=python:3.11-slim-trixie
ARG POSTGRES=postgres:18-trixie

# ---- the wheel, with the pages in it
FROM ${BASE} AS build
WORKDIR /src
COPY ops/image/build.txt ops/image/run.txt ./
RUN python -m venv /opt/cig \
 && /opt/cig/bin/pip install --no-cache-dir --no-deps --require-hashes -r run.txt \
 && python -m pip install --no-cache-dir --no-deps --require-hashes -r build.txt
COPY pyproject.toml README.md LICENSE ./
COPY web web
COPY src src
RUN python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheel . \
 && /opt/cig/bin/pip install --no-cache-dir --no-deps /wheel/*.whl

# ---- what serves and works
FROM ${BASE} AS app
RUN useradd --uid 10001 --no-create-home --home-dir /runs cig \
 && mkdir -p /runs /backups \
 && chown cig:cig /runs /backups
COPY --from=build /opt/cig /opt/cig
ENV PATH=/opt/cig/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /app
USER 10001:10001
EXPOSE 8501 8090
ENTRYPOINT ["cig"]
CMD ["serve", "--host", "0.0.0.0", "--runs", "/runs"]

# ---- what an operator works with: clients of the servers, the validation, the scripts
FROM app AS ops
USER root
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
    curl postgresql-client procps redis-tools \
 && rm -rf /var/lib/apt/lists/*
COPY --chown=10001:10001 scripts scripts
COPY --chown=10001:10001 examples examples
COPY --chown=10001:10001 tests/validation tests/validation
USER 10001:10001

# ---- the database, whose pg_restore is safe on a live one
FROM ${POSTGRES} AS postgres
COPY ops/postgres/init.sql /docker-entrypoint-initdb.d/10-monitoring.sql
COPY --chmod=755 ops/postgres/pg_restore /usr/local/bin/pg_restore
RUN mkdir -p /backups && chown postgres:postgres /backups
USER postgres
