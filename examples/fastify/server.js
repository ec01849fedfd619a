// An API that asks Doorward about the access token of each request, and demands something else on each route.
import { fastifyCaller, verifier } from '@doorward/client'
import Fastify from 'fastify'

const { DOORWARD = 'http://localhost:8000', CLIENT_ID, CLIENT_SECRET, PORT = '3000' } = process.env
const tokens = verifier({ url: DOORWARD, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET })
const show = async ({ caller }) => ({ subject: caller?.subject ?? null })
const demanding = (options) => ({ onRequest: fastifyCaller(tokens, options) })

const app = Fastify()
app.decorateRequest('caller', null)
app.get('/', demanding({ optional: true }), show)
app.get('/me', demanding(), show)
app.get('/admin', demanding({ roles: ['admin'] }), show)
app.get('/payments', demanding({ acr: 'urn:doorward:two-factors', maxAge: 300 }), show)
await app.listen({ port: Number(PORT), host: 'localhost' })
