// Configures Better Auth as its documentation does for password and authenticator app; README.md lists the differences and their reasons.
import { betterAuth } from 'better-auth'
import { twoFactor } from 'better-auth/plugins'
import { DatabaseSync } from 'node:sqlite'

export const SECRET = 'a secret of the bench, which protects nothing'

export function openDatabase(path) {
  const database = new DatabaseSync(path)
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  return database
}

export function authFor(database, baseURL) {
  return betterAuth({
    baseURL,
    secret: SECRET,
    database,
    emailAndPassword: { enabled: true },
    plugins: [twoFactor()],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
  })
}
