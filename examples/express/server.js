// An API that asks Doorward about the access token of each request, and demands something else on each route.
import { expressCaller, verifier } from '@doorward/client'
import express from 'express'

const { DOORWARD = 'http://localhost:8000', CLIENT_ID, CLIENT_SECRET, PORT = '3000' } = process.env
const tokens = verifier({ url: DOORWARD, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET })
const show = ({ caller }, response) => response.json({ subject: caller?.subject ?? null })

const app = express()
app.get('/', expressCaller(tokens, { optional: true }), show)
app.get('/me', expressCaller(tokens), show)
app.get('/admin', expressCaller(tokens, { roles: ['admin'] }), show)
app.get('/payments', expressCaller(tokens, { acr: 'urn:doorward:two-factors', maxAge: 300 }), show)
app.listen(Number(PORT), 'localhost')
