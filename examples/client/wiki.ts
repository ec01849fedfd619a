// An app behind a reverse proxy that asks Doorward: it knows its user by the headers that this proxy adds, and refuses what comes past it.
import { AccessError, remoteUsers } from '@doorward/client'
import { createServer } from 'node:http'

const users = remoteUsers({ proxies: ['127.0.0.1', '::1'] })

createServer((request, response) => {
  users.verify(request).then(
    ({ username, groups }) => response.end(JSON.stringify({ username, groups })),
    (error: unknown) => {
      if (!(error instanceof AccessError)) throw error
      response.writeHead(error.status, error.headers).end(error.message)
    },
  )
}).listen(Number(process.env['PORT']), 'localhost')
