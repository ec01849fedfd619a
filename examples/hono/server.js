// An API that asks Doorward about the access token of each request, and demands something else on each route.
import { verifier, withCaller } from '@doorward/client'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const { DOORWARD = 'http://localhost:8000', CLIENT_ID, CLIENT_SECRET, PORT = '3000' } = process.env
const tokens = verifier({ url: DOORWARD, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET })
const show = (request, caller) => Response.json({ subject: caller?.subject ?? null })
const demanding = (options) => {
  const handle = withCaller(tokens, show, options)
  return (context) => handle(context.req.raw)
}

const app = new Hono()
app.get('/', demanding({ optional: true }))
app.get('/me', demanding())
app.get('/admin', demanding({ roles: ['admin'] }))
app.get('/payments', demanding({ acr: 'urn:doorward:two-factors', maxAge: 300 }))
serve({ fetch: app.fetch, port: Number(PORT), hostname: 'localhost' })
