// A static web server for one folder, on the loopback interface only:
//
//     node server.mjs <folder> <port>
//
// It does what a plain web host does and no more: right types, no listing, no fallback.
// Answers may be read by any origin, because a sandboxed frame has none of its own.
// Below /strict/ the same files come with the policy of a careful site.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const STRICT = '/strict/';
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
].join('; ');

/** Serves a folder until the server that it resolves to is closed. Port 0 is any free one. */
export function serve(folder, port) {
  const root = resolve(folder);
  const server = createServer((request, response) => answer(root, request, response));
  return new Promise((done, failed) => {
    server.on('error', (error) => failed(new Error(`cannot serve ${root} on port ${port}: ${error.message}`)));
    server.listen(port, '127.0.0.1', () => done(server));
  });
}

async function answer(root, request, response) {
  const found = await find(root, request.url).catch(() => undefined);
  if (!found) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    return;
  }
  response.writeHead(200, {
    'access-control-allow-origin': '*',
    'cache-control': 'no-store',
    'content-length': found.size,
    'content-type': TYPES[extname(found.file)] ?? 'application/octet-stream',
    ...(found.strict && { 'content-security-policy': POLICY }),
  });
  if (request.method === 'HEAD') response.end();
  else createReadStream(found.file).pipe(response);
}

/** The file that an address means, or nothing. */
async function find(root, address) {
  const asked = decodeURIComponent(new URL(address, 'http://localhost').pathname);
  const strict = asked.startsWith(STRICT);
  const path = strict ? asked.slice(STRICT.length - 1) : asked;
  const file = join(root, path.endsWith('/') ? `${path}index.html` : path);
  if (!file.startsWith(root + sep)) return undefined;
  const found = await stat(file);
  return found.isFile() ? { file, size: found.size, strict } : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, port] = process.argv.slice(2);
  if (!folder || !Number(port)) {
    console.error('usage: node server.mjs <folder> <port>');
    process.exit(2);
  }
  await serve(folder, Number(port)).catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
  console.log(`serving ${resolve(folder)} at http://127.0.0.1:${port}/`);
}
