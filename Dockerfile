# Haru's container. Build: docker build -t haru .     Start: docker compose --file deploy/compose.yaml up --detach
# By digest: each build starts from the same image. Dependabot proposes newer ones, with Debian's fixes (.github/dependabot.yml).
FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

# The only library that no Python package brings along.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /haru
COPY requirements.txt requirements-backup.txt ./
# The CPU build first, from PyTorch's own index: the one on PyPI installs gigabytes of CUDA libraries.
RUN pip install --no-cache-dir --index-url https://download.pytorch.org/whl/cpu torch==2.13.0 torchvision==0.28.0 \
    && pip install --no-cache-dir --requirement requirements.txt --requirement requirements-backup.txt
COPY . .
# The commands haru, haru-demo and haru-admin.
RUN pip install --no-cache-dir --no-deps --editable .

RUN useradd --create-home --uid 1000 haru && mkdir /data && chown haru:haru /data
USER haru
# For a user of another number (PUID), whom the image does not know: libraries ask for a home and a name.
ENV HOME=/tmp USER=haru
# On every address of the container: its proxy comes from outside of it.
ENV HARU_DATA=/data HARU_ADDRESS=0.0.0.0
VOLUME /data
EXPOSE 8501
HEALTHCHECK --start-period=30s CMD ["python", "-c", "import links, urllib.request as u; u.urlopen('http://127.0.0.1:8501' + links.to('/account/health'))"]
CMD ["haru", "--port=8501"]
