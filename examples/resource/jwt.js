import { createRemoteJWKSet, jwtVerify } from 'jose'

import { ISSUER, RESOURCE, serve } from './server.js'

const keys = createRemoteJWKSet(new URL(`${ISSUER}/jwks`))
// `typ` refuses ID tokens, `audience` tokens for other APIs, and `algorithms` signatures by anything but Doorward's key.
const expected = { issuer: ISSUER, audience: RESOURCE, typ: 'at+jwt', algorithms: ['ES256'] }

serve(async (token) => {
  const verified = await jwtVerify(token, keys, expected).catch(() => undefined)
  return verified?.payload
})
