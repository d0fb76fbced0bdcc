# The build: every dependency, compiled once. Install scripts fetch test binaries only, and are not needed here.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY bin bin
COPY src src
COPY migrations migrations
RUN npx tsc -p tsconfig.build.json && npm prune --omit=dev --ignore-scripts

# What runs: no compiler, no tests, no root.
FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY config.yaml ./
RUN chmod +x dist/bin/projetus.js && ln -s /app/dist/bin/projetus.js /usr/local/bin/projetus && mkdir -p data/raw && chown -R node:node data
USER node
# The day's files go to /app/data/raw; without DATABASE_URL the database is in /app/data/db.
VOLUME /app/data
CMD ["node", "dist/bin/projetus.js", "run"]
