# syntax=docker/dockerfile:1
# Two stages: one that installs with hashes, one that runs as an ordinary user on an external PostgreSQL.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/sluitend
COPY requirements.lock ./
RUN /opt/sluitend/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE.md ./
COPY config ./config
COPY forms ./forms
COPY processes ./processes
COPY service ./service
RUN /opt/sluitend/bin/pip install --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="Sluitend" org.opencontainers.image.licenses="EUPL-1.2"
RUN useradd --system --uid 10001 --home-dir /var/lib/sluitend --create-home sluitend
COPY --from=build /opt/sluitend /opt/sluitend
ENV PATH=/opt/sluitend/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SLUITEND_HOST=0.0.0.0 \
    SLUITEND_PORT=8000 \
    SLUITEND_DATA_DIR=/var/lib/sluitend
USER sluitend
WORKDIR /var/lib/sluitend
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]
CMD ["sluitend", "serve"]
