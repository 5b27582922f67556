# Two stages: the first installs the locked packages, takes out what serving does not need, compiles the rest and compresses the static
# files; the second holds the result. At run time nothing is written: the root file system may be read-only.

ARG BASE_IMAGE=python:3.13-slim-trixie

FROM ${BASE_IMAGE} AS build
# A mirror of the package index, for those who are behind one: docker build --build-arg PIP_INDEX_URL=...
ARG PIP_INDEX_URL
# What is installed: requirements/base.txt, or requirements/broker.txt for runs on many machines (compose.scale.yaml).
ARG LOCK=base
WORKDIR /srv
COPY requirements/base.txt requirements/broker.txt requirements/
RUN python -m venv --without-pip /venv \
    && python -m pip --python /venv/bin/python install --no-cache-dir --no-compile --require-hashes -r "requirements/${LOCK}.txt" \
    && rm -rf /venv/lib/python*/site-packages/plotly/package_data/*.js \
              /venv/lib/python*/site-packages/plotly/package_data/datasets \
              /venv/lib/python*/site-packages/plotly/labextension \
              /venv/share \
    && find /venv -type d -name tests -prune -exec rm -rf {} + \
    && python -m compileall -q --invalidation-mode unchecked-hash /venv/lib
COPY LICENSE ./
COPY app app
COPY engine engine
COPY templates templates
COPY static static
RUN /venv/bin/python -m compileall -q --invalidation-mode unchecked-hash app engine \
    && /venv/bin/python -m servestatic.compress --quiet --no-zstd static \
    && chmod -R a+rX /srv /venv

FROM ${BASE_IMAGE}
WORKDIR /srv
COPY --from=build /venv /venv
COPY --from=build /srv /srv
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000
EXPOSE 8000
USER 10001:10001
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["python", "-m", "app"]
