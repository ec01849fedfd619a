// Makes the database of Better Auth by its own migration, and writes users into it through its own adapter.
import { createHmac } from 'node:crypto'

import { hashPassword, symmetricEncrypt } from 'better-auth/crypto'
import { getMigrations } from 'better-auth/db/migration'

import { authFor, openDatabase, SECRET } from './auth.js'

/**
 * Users with this password and an authenticator app each; the first so many are signed in.
 *
 * @param {string} path
 * @param {readonly { username: string, base32Secret: string }[]} people
 * @param {{ password: string, signedIn: number }} options
 * @returns {Promise<string[]>} the cookies of those who are signed in
 */
export async function seed(path, people, { password, signedIn }) {
  const database = openDatabase(path)
  const auth = authFor(database, 'http://127.0.0.1')
  const { runMigrations } = await getMigrations(auth.options)
  await runMigrations()
  const { adapter, internalAdapter } = await auth.$context
  const hash = await hashPassword(password)
  const cookies = []
  database.exec('begin')
  for (const { username, base32Secret } of people) {
    const user = await internalAdapter.createUser({
      email: `${username}@example.org`,
      name: username,
      emailVerified: true,
      twoFactorEnabled: true,
    })
    await internalAdapter.linkAccount({
      userId: user.id,
      providerId: 'credential',
      accountId: user.id,
      password: hash,
    })
    // The prefix says that the secret was made by another program; what it makes itself is the same key as text.
    const secret = await symmetricEncrypt({ key: SECRET, data: `base32:${base32Secret}` })
    await adapter.create({ model: 'twoFactor', data: { userId: user.id, secret, backupCodes: '', verified: true } })
    if (cookies.length < signedIn) cookies.push(cookieFor(await internalAdapter.createSession(user.id)))
  }
  database.exec('commit')
  database.close()
  return cookies
}

function cookieFor({ token }) {
  const signature = createHmac('sha256', SECRET).update(token).digest('base64')
  return `better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}`
}
