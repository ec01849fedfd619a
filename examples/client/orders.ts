// An API that verifies the access token of each request, and takes those for itself with the scope `read`.
import { AccessError, verifier } from '@doorward/client'
import { createServer } from 'node:http'

const { URL: url = '', CLIENT_ID: clientId = '', CLIENT_SECRET: clientSecret = '', RESOURCE = '', PORT } = process.env
const { verify } = verifier({ url, clientId, clientSecret, resources: [RESOURCE] })

createServer((request, response) => {
  verify(request, { scopes: ['read'] }).then(
    (caller) => response.end(JSON.stringify({ subject: caller.subject, app: caller.clientId })),
    (error: unknown) => {
      if (!(error instanceof AccessError)) throw error
      response.writeHead(error.status, error.headers).end()
    },
  )
}).listen(Number(PORT), 'localhost')
