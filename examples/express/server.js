import express from 'express'

import { userOf } from './doorward.js'

const app = express()
app.use(async (request, response, next) => {
  request.user = await userOf(request.headers.authorization)
  if (request.user) return next()
  response.status(401).set('www-authenticate', 'Bearer').json({ error: 'Sign in first.' })
})
app.get('/me', (request, response) => response.json({ username: request.user.username }))
app.listen(Number(process.env.PORT ?? 3000), 'localhost')
