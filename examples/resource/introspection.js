import { ISSUER, RESOURCE, serve } from './server.js'

const { CLIENT_ID, CLIENT_SECRET } = process.env
const authorization = `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}`

serve(async (token) => {
  const body = new URLSearchParams({ token })
  const answer = await fetch(`${ISSUER}/token/introspection`, { method: 'POST', headers: { authorization }, body })
  // 400 is an answer about the token. Anything else is not, and must not be taken for one.
  if (answer.status === 400) return undefined
  if (!answer.ok) throw new Error(`Doorward answered ${answer.status}`)
  const claims = await answer.json()
  return claims.active && claims.aud === RESOURCE ? claims : undefined
})
