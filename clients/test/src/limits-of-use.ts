// What the kit refuses: it makes a server whose users are known to everyone, so it serves this machine only, on a database of its own.

/** Settings that the kit makes itself, with the reason. */
const OWN: Readonly<Record<string, string>> = {
  database_url: 'the database is a temporary one, and no other is touched',
  config: 'settings are given by name, since a file may name another database',
  data_dir: 'the data is in a temporary folder, and no other is touched',
  port: 'give it as an option: startDoorward({ port: 8000 })',
  mail_host: 'mails go to door.mails',
  mail_port: 'mails go to door.mails',
  mail_tls: 'mails go to door.mails',
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/

/** Throws where the server of a test must not run, with the reason and what to do. */
export function requireTest(settings: Readonly<Record<string, string>>, env = process.env): void {
  if (env['NODE_ENV'] === 'production')
    throw new Error('@doorward/test does not run in production: NODE_ENV is production. Set NODE_ENV=test.')
  for (const [name, value] of Object.entries(settings)) {
    const key = name.toLowerCase()
    // A secret, such as the URL of a database, may also be given by a file.
    const reason = OWN[key.replace(/_file$/, '')]
    if (reason !== undefined) throw new Error(`@doorward/test sets ${name} itself: ${reason}. Leave it out.`)
    if (key === 'host' && !LOOPBACK.test(value)) throw elsewhere(name, value)
    // At an IP address browsers have no passkeys, and the first admin has one.
    if (key === 'public_url' && hostOf(value) !== 'localhost') throw elsewhere(name, value)
  }
}

function elsewhere(name: string, value: string): Error {
  return new Error(`@doorward/test serves this machine only, and ${name} is ${value}. Leave it out, or use localhost.`)
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname
  } catch {
    return ''
  }
}

/** Throws where that Node is older than the server needs. */
export function requireNode(version: string, needed: string): void {
  const oldest = needed.replace('>=', '')
  if (version.localeCompare(oldest, 'en', { numeric: true }) >= 0) return
  throw new Error(
    `Doorward needs Node ${oldest} or newer, and this is Node ${version}. Run the tests with that, or give its path: ` +
      "startDoorward({ node: '/path/to/node' }).",
  )
}
