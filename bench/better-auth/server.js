// Serves Better Auth on node:http with its handler for Node: node server.js PATH PORT
import { toNodeHandler } from 'better-auth/node'
import { createServer } from 'node:http'

import { authFor, openDatabase } from './auth.js'

const [path, port] = process.argv.slice(2)
const handle = toNodeHandler(authFor(openDatabase(path), `http://127.0.0.1:${port}`))
createServer((request, response) => void handle(request, response)).listen(Number(port), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
