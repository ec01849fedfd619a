import Fastify from 'fastify'

import { userOf } from './doorward.js'

const app = Fastify()
app.decorateRequest('user', null)
app.addHook('onRequest', async (request, reply) => {
  request.user = await userOf(request.headers.authorization)
  if (!request.user) return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'Sign in first.' })
})
app.get('/me', async (request) => ({ username: request.user.username }))
await app.listen({ port: Number(process.env.PORT ?? 3000), host: 'localhost' })
