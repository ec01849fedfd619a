import { verifier } from '@doorward/client'

const { DOORWARD = 'http://localhost:8000', CLIENT_ID, CLIENT_SECRET } = process.env
/** Asks Doorward about the access token of each request. */
export const tokens = verifier({ url: DOORWARD, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET })

/** Answers whom the token stands for. */
export const show = (request, caller) => Response.json({ subject: caller?.subject ?? null })
