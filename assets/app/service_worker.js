// Haru's service worker: what runs without an open page. Each task has its own file.
const BASE = new URL(".", self.location).pathname.slice(0, -1) // HARU_BASE_PATH, "" without one
importScripts("service-worker/push.js", "service-worker/shell.js")

self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()))
