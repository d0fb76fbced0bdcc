# The build: every dependency, compiled once. Install scripts fetch test binaries only, and are not needed here.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY bin bin
COPY src src
COPY migrations migrations
COPY release release
RUN npm run build \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 && ln -s ../../dist/bin/projetus.js node_modules/.bin/projetus \
 && chmod +x dist/bin/projetus.js \
 && mkdir -p data/raw

# What runs: no compiler, no tests, no root. Node brings its own time zones.
FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    TZ=America/Sao_Paulo \
    PATH=/app/node_modules/.bin:$PATH
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build --chown=1000:1000 /app/data data
COPY package.json config.yaml config.schema.json LICENSE THIRD-PARTY-NOTICES.md ./
# The image's user node, as a number: Kubernetes sees that it is not root.
USER 1000:1000
# /app/data holds the raw files, and without DATABASE_URL the database: mount a volume there. No VOLUME line, which Railway refuses.
# 3 is degraded: somebody has to look, and no restart helps.
HEALTHCHECK --interval=5m --timeout=15s --start-period=2m CMD ["sh", "-c", "projetus health --quiet || test $? -eq 3"]
CMD ["projetus", "run"]
