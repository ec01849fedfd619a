import { userOf } from '../../doorward.js'

export async function GET(request) {
  const user = await userOf(request.headers.get('authorization'))
  if (user) return Response.json({ username: user.username })
  const headers = { 'www-authenticate': 'Bearer' }
  return Response.json({ error: 'Sign in first.' }, { status: 401, headers })
}
