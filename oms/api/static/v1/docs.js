"use strict";

const place = document.getElementById("document");

// A POST needs a new key each time; whoever fills one in keeps it.
function withKey(request) {
  if (request.method === "POST" && !request.headers["Idempotency-Key"]) {
    request.headers["Idempotency-Key"] = crypto.randomUUID();
  }
  return request;
}

SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  filter: true,
  requestInterceptor: withKey,
  tagsSorter: "alpha",
  validatorUrl: null,
});
