// The API reference. Calls tried from here use the session, so they carry the CSRF token.
const place = document.getElementById("reference");
const cookie = (name) => document.cookie.split("; ").find((c) => c.startsWith(`${name}=`))?.slice(name.length + 1);

SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  requestInterceptor: (request) => {
    const token = cookie(place.dataset.csrfCookie);
    if (token) request.headers["X-CSRFToken"] = decodeURIComponent(token);
    return request;
  },
});
