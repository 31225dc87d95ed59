# syntax=docker/dockerfile:1
# Two stages: the first builds a virtual environment with the pinned libraries, the second holds nothing but that.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
WORKDIR /build
RUN python -m venv /opt/news-monitor
ENV PATH=/opt/news-monitor/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# The libraries first: this layer is made again only when the pins change, not with every change of the program.
COPY constraints.txt pyproject.toml ./
RUN python -c "import tomllib; project = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
extras = project['optional-dependencies']; \
print(*project['dependencies'], *extras['apprise'], *extras['postgres'], *extras['web'], sep='\n')" > needed.txt \
    && pip install --constraint constraints.txt --requirement needed.txt
COPY README.md LICENSE ./
COPY config config
COPY monitor monitor
RUN pip wheel --no-deps --wheel-dir dist . && pip install --no-deps dist/*.whl

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="news-monitor" \
      org.opencontainers.image.description="Follows topics in the news and sends one explained digest a day" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /news-monitor --shell /usr/sbin/nologin monitor
WORKDIR /news-monitor
COPY --from=build /opt/news-monitor /opt/news-monitor
# The shipped configuration, to be covered by one's own; the archive is the only place that is written.
COPY --chown=root:root config config
RUN install --directory --owner=monitor --group=monitor archive
ENV PATH=/opt/news-monitor/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
VOLUME ["/news-monitor/config", "/news-monitor/archive"]
STOPSIGNAL SIGTERM
# A process that is alive but blind is not healthy: this asks when each ticker last succeeded.
HEALTHCHECK --interval=5m --timeout=30s --start-period=10m --retries=2 CMD ["monitor", "health"]
ENTRYPOINT ["monitor"]
CMD ["run"]
