# Builds with a network, runs without one:
#   docker build -t strategic-evaluation .
#   docker run --rm --network none -v "$PWD/out:/out" strategic-evaluation
FROM node:22-bookworm-slim
WORKDIR /project
COPY . .
RUN npm install --global deno@2.9.6 \
  && deno install --frozen \
  && deno task status > /dev/null
CMD ["deno", "task", "reproduce", "--copy-to", "/out"]
