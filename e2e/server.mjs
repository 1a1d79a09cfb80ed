// A static web server for one folder, on the loopback interface only:
//
//     node server.mjs <folder> <port>
//
// It does what a plain web host does and no more: right types, no listing, no fallback.
// Answers may be read by any origin, because a sandboxed frame has none of its own.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';

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

const [folder, port] = process.argv.slice(2);
if (!folder || !Number(port)) {
  console.error('usage: node server.mjs <folder> <port>');
  process.exit(2);
}
const root = resolve(folder);

/** The file that an address means, or nothing. */
async function find(address) {
  const path = decodeURIComponent(new URL(address, 'http://localhost').pathname);
  const file = join(root, path.endsWith('/') ? `${path}index.html` : path);
  if (!file.startsWith(root + sep)) return undefined;
  const found = await stat(file);
  return found.isFile() ? { file, size: found.size } : undefined;
}

const server = createServer(async (request, response) => {
  const found = await find(request.url).catch(() => undefined);
  if (!found) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    return;
  }
  response.writeHead(200, {
    'access-control-allow-origin': '*',
    'cache-control': 'no-store',
    'content-length': found.size,
    'content-type': TYPES[extname(found.file)] ?? 'application/octet-stream',
  });
  if (request.method === 'HEAD') response.end();
  else createReadStream(found.file).pipe(response);
});

server.on('error', (error) => {
  console.error(`cannot serve ${root} on port ${port}: ${error.message}`);
  process.exit(1);
});
server.listen(Number(port), '127.0.0.1', () => {
  console.log(`serving ${root} at http://127.0.0.1:${port}/`);
});
