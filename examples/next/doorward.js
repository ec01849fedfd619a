// Asks Doorward who a request comes from. Nothing is kept, so a sign-out takes effect on the next request.
const DOORWARD = process.env.DOORWARD ?? 'http://localhost:8000'

/** The user behind an `Authorization` header, or undefined: ask them to sign in. */
export async function userOf(authorization) {
  if (!authorization) return undefined
  const answer = await fetch(`${DOORWARD}/users/me`, { headers: { authorization }, cache: 'no-store' })
  if (answer.status === 401) return undefined
  if (!answer.ok) throw new Error(`Doorward answered ${answer.status}`)
  return answer.json() // { subject, username, role, email, … }
}
