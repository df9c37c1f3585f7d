# One image for every process; docker-compose.yml says which one a container runs.

FROM python:3.12-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/illico
COPY requirements.lock ./
RUN /opt/illico/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /opt/illico/bin/pip install --no-cache-dir --no-deps .

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/illico illico
COPY --from=build /opt/illico /opt/illico
ENV PATH=/opt/illico/bin:$PATH \
  PYTHONUNBUFFERED=1
RUN install --directory --owner=illico --mode=0700 /var/lib/illico/spool
USER illico
WORKDIR /var/lib/illico
ENTRYPOINT []
CMD ["illico", "--help"]
