# CoPaw in a container. Built from the lock file in stages; what runs is Node, the bundle and three packages' worth of JavaScript, as a user without rights.
# How to use it, and what was never tried: docs/deploy.md
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY console/package.json console/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.js --force

FROM node:24-bookworm-slim AS packages
WORKDIR /packages
COPY package.json package-lock.json ./
COPY console/package.json console/
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspaces=false

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends bubblewrap ca-certificates git python3 \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --gid 10001 copaw \
  && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin copaw \
  && install -d -o copaw -g copaw -m 0700 /data /data/copaw.secret \
  && ln -s /app/bin/copaw.js /usr/local/bin/copaw
WORKDIR /app
COPY --from=packages /packages/node_modules node_modules
COPY --from=build /build/package.json /build/LICENSE /build/SECURITY.md ./
COPY --from=build /build/bin bin
COPY --from=build /build/dist dist
COPY --from=build /build/console/dist console/dist
ENV NODE_ENV=production HOME=/tmp XDG_CACHE_HOME=/tmp/cache COPAW_HOME=/data/copaw
USER 10001:10001
EXPOSE 8088
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8088/api/ready').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/copaw.js"]
CMD ["start", "--no-open"]
