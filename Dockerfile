# syntax=docker/dockerfile:1
# The operator's image: the bundled program, Node, the C library, and nothing else: no shell, no package manager.
#
#   docker build --build-arg RELAYKEEPER_COMMIT="$(git rev-parse HEAD)" \
#     --build-arg SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)" -t relaykeeper .
#
# Node is that of the lock file. A release pins both images by digest, too: --build-arg NODE_IMAGE=…@sha256:…
ARG NODE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim
ARG BASE_IMAGE=gcr.io/distroless/cc-debian12:nonroot

# The program is the same for every platform, so that it is built on the builder's own.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY scripts ./scripts
COPY src ./src
ARG RELAYKEEPER_COMMIT
ARG SOURCE_DATE_EPOCH
RUN node scripts/build.ts && node scripts/image-documents.ts documents

FROM ${NODE_IMAGE} AS node

FROM ${BASE_IMAGE}
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=build /build/documents /app
COPY --from=build /build/dist /app/dist
# The package.json says that the program is made of ES modules.
COPY LICENSE package.json /app/
ARG RELAYKEEPER_COMMIT
LABEL org.opencontainers.image.title="relaykeeper" \
      org.opencontainers.image.description="Declare, watch and trust outbound mail: a Kubernetes operator for SMTP relays." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${RELAYKEEPER_COMMIT}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="gcr.io/distroless/cc-debian12:nonroot"
ENV NODE_ENV=production
# Some 25 MB less: one thread does nearly all that allocates, and a mail operator makes little garbage at a time.
ENV MALLOC_ARENA_MAX=1
USER 65532:65532
# Kubernetes asks /livez and /readyz itself.
HEALTHCHECK NONE
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=2", "/app/dist/main.js"]
CMD ["--help"]
